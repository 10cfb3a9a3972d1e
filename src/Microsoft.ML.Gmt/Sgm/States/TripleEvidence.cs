using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>What of a query triple is hidden from its evidence.</summary>
/// <param name="Edges">Leave out the edges that state the query; the reference's <c>mask_query</c>.</param>
/// <param name="Contexts">Leave them out of the neighbours' contexts as well, where the reference still shows the query's relation.</param>
public readonly record struct QueryMask(bool Edges, bool Contexts)
{
    /// <summary>Nothing is hidden.</summary>
    public static QueryMask None => default;

    /// <summary>The reference's masking: edges, not contexts.</summary>
    public static QueryMask Compatible => new(Edges: true, Contexts: false);

    /// <summary>The query is nowhere to be seen.</summary>
    public static QueryMask Full => new(Edges: true, Contexts: true);
}

/// <summary>
/// The evidence of some triples as edge states: each distinct state of the batch stands once in <see cref="States"/>, and each triple says which
/// of its edges has which.
/// </summary>
public sealed class TripleEvidence
{
    private TripleEvidence(EdgeStateList states, IReadOnlyDictionary<int, int> graphStateOf, EvidenceRow[] rows) =>
        (States, GraphStateOf, Rows) = (states, graphStateOf, rows);

    /// <summary>The distinct states of all rows.</summary>
    public EdgeStateList States { get; }

    /// <summary>Which of them are states of the graph, and which of its.</summary>
    internal IReadOnlyDictionary<int, int> GraphStateOf { get; }

    /// <summary>One row for each triple, in their order.</summary>
    public IReadOnlyList<EvidenceRow> Rows { get; }

    /// <summary>The most edges that a row has.</summary>
    public int LongestRow => Rows.Count == 0 ? 0 : Rows.Max(row => row.Edges.Count);

    /// <summary>Collects the evidence of triples.</summary>
    /// <param name="graph">The graph's states.</param>
    /// <param name="triples">The triples asked about; whether they are edges does not matter.</param>
    /// <param name="mask">What of the query is hidden.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple's id is not in the graph.</exception>
    public static TripleEvidence Collect(GraphEdgeStates graph, IReadOnlyList<Triple> triples, QueryMask mask)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(triples);
        return Collect(graph, [.. triples.Select(triple => (Triple?)triple)], mask);
    }

    /// <summary>Collects the evidence of triples of which some may not be of the graph.</summary>
    /// <param name="graph">The graph's states.</param>
    /// <param name="triples">The triples asked about; null for one that the graph does not know, which has no evidence.</param>
    /// <param name="mask">What of the query is hidden.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple's id is not in the graph.</exception>
    public static TripleEvidence Collect(GraphEdgeStates graph, IReadOnlyList<Triple?> triples, QueryMask mask)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(triples);
        var collector = new EvidenceCollector(graph, mask);
        EvidenceRow[] rows = [.. triples.Select(triple => triple is { } known ? collector.Row(known) : EvidenceRow.Empty)];
        return new TripleEvidence(collector.States, collector.GraphStateOf, rows);
    }
}

/// <summary>The evidence of one triple.</summary>
/// <param name="Edges">The edges of the head, then of the tail, as indices into <see cref="KnowledgeGraph.Adjacency"/>.</param>
/// <param name="States">The state of each edge, an index into <see cref="TripleEvidence.States"/>.</param>
public sealed record EvidenceRow(IReadOnlyList<int> Edges, IReadOnlyList<int> States)
{
    /// <summary>The evidence of a triple that is not of the graph.</summary>
    public static EvidenceRow Empty { get; } = new([], []);

    /// <summary>Each state of the row once, in ascending order, with the number of edges that have it.</summary>
    public IEnumerable<(int State, int Count)> DistinctStates() => States.CountBy(state => state).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));
}
