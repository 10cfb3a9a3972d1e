using System.Text.Json;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>A catalogue as people have it: one CSV file, with a header, spaces, commas and quotation marks in names.</summary>
internal static class OneFile
{
    /// <summary>A graph module that is trained in a moment.</summary>
    public static readonly string[] Small =
        ["--graph_dim", "16", "--rel_semantic_dim", "16", "--sgm_layers", "1", "--sgm_heads", "2", "--top_k", "3"];

    /// <summary>136 facts about 48 things.</summary>
    public static string Catalogue()
    {
        string[] materials = ["brass", "steel", "bronze"], kinds = ["valve", "pump", "filter"];
        var lines = new List<string> { "product,relation,other" };
        foreach (string material in materials)
        {
            lines.Add($"{material},is a,metal");
        }

        foreach (string kind in kinds)
        {
            lines.Add($"{kind},is a,\"part, \"\"standard\"\"\"");
        }

        for (int i = 0; i < 32; i++)
        {
            string name = i % 8 == 3 ? $"\"Valve {i}, \"\"brass\"\"\"" : $"Valve {i}";
            string material = i % 8 == 3 ? "brass" : materials[i / 2 % 3];
            lines.Add($"{name},made of,{material}");
            lines.Add($"{name},kind,{kinds[i % 3]}");
            lines.Add($"{name}, fits ,\"Pipe {i % 8}\"");
            lines.Add($"{name},supplied by,Supplier {i % 2}");
        }

        return string.Join('\n', lines) + "\nPipe 1,fits,Pipe 2\nPipe 2,fits,Pipe 3\n";
    }

    /// <summary>What <c>gmt evaluate</c> says of a model.</summary>
    public static JsonElement[] Evaluate(string model, params string[] options)
    {
        GmtRun run = GmtRun.Of(["evaluate", "--json", "--model", model, .. options]).Succeeded();
        JsonElement root = JsonDocument.Parse(run.Output).RootElement;
        return root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
    }

    /// <summary>The triples of a split by their names.</summary>
    public static string[] Words(KnowledgeGraph graph, GraphSplit split) => [.. graph.Triples(split).ToArray().Select(
        triple => $"{graph.Entities[triple.Head]} ~ {graph.Relations[triple.Relation]} ~ {graph.Entities[triple.Tail]}")];
}
