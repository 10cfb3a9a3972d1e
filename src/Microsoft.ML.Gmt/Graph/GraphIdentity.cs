using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// What tells a graph from another one whose ids mean something else, or whose edges differ; for checkpoints of training runs.
/// </summary>
internal static class GraphIdentity
{
    /// <summary>
    /// Numbers of entities and relations, whether edges have inverses, the training triples that become edges, the validation triples.
    /// </summary>
    /// <remarks>
    /// The order of the triples counts: sums of floating-point numbers follow it. Names don't count, for nothing is learned from them.
    /// </remarks>
    public static IReadOnlyList<(string Name, string Value)> Of(KnowledgeGraph graph) =>
    [
        ("graph entities", $"{graph.Entities.Count}"),
        ("graph relations", $"{graph.Relations.Count}"),
        ("graph relations of edges", $"{graph.EdgeRelationCount}"),
        ("graph inverse relations", $"{graph.AddInverse}"),
        ("graph edges", Describe(graph.Triples(GraphSplit.Train))),
        ("graph validation triples", Describe(graph.Triples(GraphSplit.Validation))),
    ];

    /// <summary>The number of some triples and the first digits of a hash of their ids.</summary>
    public static string Describe(ReadOnlySpan<Triple> triples) =>
        $"{triples.Length} triples ({ShortHash.Text(SHA256.HashData(MemoryMarshal.AsBytes(triples)))})";
}
