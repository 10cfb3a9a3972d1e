using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// The evidence of some triples as edge states: each distinct state of the batch stands once in <see cref="States"/>, and each triple says
/// which of its edges has which.
/// </summary>
internal sealed class TripleEvidence
{
    private TripleEvidence(EdgeStateList states, IReadOnlyDictionary<int, int> graphStateOf, EvidenceRow[] rows) =>
        (States, GraphStateOf, Rows) = (states, graphStateOf, rows);

    /// <summary>The distinct states of all rows.</summary>
    public EdgeStateList States { get; }

    /// <summary>Which of them are states of the graph, and which of its.</summary>
    internal IReadOnlyDictionary<int, int> GraphStateOf { get; }

    /// <summary>One row for each triple, in their order.</summary>
    public IReadOnlyList<EvidenceRow> Rows { get; }

    /// <summary>Collects the evidence of triples that hide themselves.</summary>
    /// <param name="graph">The graph's states.</param>
    /// <param name="triples">The triples asked about; whether they are edges does not matter.</param>
    /// <param name="mask">What of each is hidden from it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple's id is not in the graph.</exception>
    public static TripleEvidence Collect(GraphEdgeStates graph, IReadOnlyList<Triple> triples, QueryMask mask) =>
        Collect(graph, TripleQuery.Of(triples), mask);

    /// <summary>Collects the evidence of triples that hide themselves, or what they were drawn from.</summary>
    /// <param name="graph">The graph's states.</param>
    /// <param name="queries">The triples asked about, and what each hides.</param>
    /// <param name="mask">What of the hidden triple is hidden.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple's id is not in the graph.</exception>
    public static TripleEvidence Collect(GraphEdgeStates graph, IReadOnlyList<TripleQuery> queries, QueryMask mask)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(queries);
        var collector = new EvidenceCollector(graph, mask);
        EvidenceRow[] rows = [.. queries.Select(collector.Row)];
        return new TripleEvidence(collector.States, collector.GraphStateOf, rows);
    }
}
