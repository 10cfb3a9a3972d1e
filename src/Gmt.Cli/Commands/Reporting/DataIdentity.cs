using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>By what the triples of a graph are told from others, wherever they are stored.</summary>
internal static class DataIdentity
{
    /// <summary>
    /// Counts of each split, and the SHA-256 of its triples as a file of names has them: a line for each, in their order, the names
    /// separated by tabs, in UTF-8.
    /// </summary>
    public static ReportTable Of(KnowledgeGraph graph) => new(
        "Triples, and the SHA-256 of their lines (head, tab, relation, tab, tail)",
        ["split", "triples", "SHA-256", "labeled negatives", "SHA-256 of negatives"],
        [
            .. Enum.GetValues<GraphSplit>().Select(split => (object?[])
            [
                split.ToString().ToLowerInvariant(), graph.Triples(split).Length, Hash(graph, graph.Triples(split)),
                graph.Negatives(split).Length, Hash(graph, graph.Negatives(split)),
            ]),
        ]);

    private static string Hash(KnowledgeGraph graph, ReadOnlySpan<Triple> triples)
    {
        if (triples.IsEmpty)
        {
            return "";
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Triple triple in triples)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(
                $"{graph.Entities[triple.Head]}\t{graph.Relations[triple.Relation]}\t{graph.Entities[triple.Tail]}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
