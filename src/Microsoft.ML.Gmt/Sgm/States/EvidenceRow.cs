using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The evidence of one triple.</summary>
/// <param name="Edges">The edges of the head, then of the tail, as indices into <see cref="KnowledgeGraph.Adjacency"/>.</param>
/// <param name="States">The state of each edge, an index into <see cref="TripleEvidence.States"/>.</param>
internal sealed record EvidenceRow(IReadOnlyList<int> Edges, IReadOnlyList<int> States)
{
    /// <summary>Each state of the row once, in ascending order, with the number of edges that have it.</summary>
    public IEnumerable<(int State, int Count)> DistinctStates() =>
        States.CountBy(state => state).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));
}
