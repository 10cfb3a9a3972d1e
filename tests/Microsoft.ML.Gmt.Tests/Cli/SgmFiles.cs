using System.Globalization;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Graphs as files in OpenKE's layout.</summary>
internal static class SgmFiles
{
    /// <summary>Writes a graph's names and triples.</summary>
    public static void WriteOpenKe(KnowledgeGraph graph, string folder)
    {
        Directory.CreateDirectory(folder);
        void Write(string file, IReadOnlyList<string> lines) =>
            File.WriteAllLines(Path.Combine(folder, file), [lines.Count.ToString(CultureInfo.InvariantCulture), .. lines]);
        void Triples(string file, ReadOnlySpan<Triple> triples) =>
            Write(file, [.. triples.ToArray().Select(triple => $"{triple.Head} {triple.Tail} {triple.Relation}")]);
        Write("entity2id.txt", [.. graph.Entities.Names.Select((name, id) => $"{name}\t{id}")]);
        Write("relation2id.txt", [.. graph.Relations.Names.Select((name, id) => $"{name}\t{id}")]);
        Triples("train2id.txt", graph.Triples(GraphSplit.Train));
        Triples("valid2id.txt", graph.Triples(GraphSplit.Validation));
        Triples("test2id.txt", graph.Triples(GraphSplit.Test));
        Triples("valid_neg2id.txt", graph.Negatives(GraphSplit.Validation));
        Triples("test_neg2id.txt", graph.Negatives(GraphSplit.Test));
    }
}
