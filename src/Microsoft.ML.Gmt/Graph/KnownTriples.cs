namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// The triples that are known to be true, for questions like "which tails go with this head and relation?": filtered ranking and filtered
/// negatives. Immutable.
/// </summary>
/// <remarks>
/// To select a model, index training and validation triples; for the final figures, all three splits. To draw negatives to train on, index
/// the training triples only, or the others steer what is learned.
/// </remarks>
public sealed class KnownTriples
{
    private readonly PairIndex _tails;
    private readonly PairIndex _heads;

    /// <summary>Indexes the triples of some splits.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="splits">The splits; none means all.</param>
    public KnownTriples(KnowledgeGraph graph, params ReadOnlySpan<GraphSplit> splits)
        : this(graph, default, splits)
    {
    }

    /// <summary>Indexes the triples of some splits and others beside them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="others">More triples of its entities and relations.</param>
    /// <param name="splits">The splits; none means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    public KnownTriples(KnowledgeGraph graph, ReadOnlyMemory<Triple> others, params ReadOnlySpan<GraphSplit> splits)
        : this(graph, [Checked(graph, others), .. Parts(graph, splits)])
    {
    }

    private KnownTriples(KnowledgeGraph graph, IReadOnlyList<ReadOnlyMemory<Triple>> parts)
    {
        Bounds = graph.Bounds;
        _tails = PairIndex.Build(parts, Bounds.Entities, byTail: false);
        _heads = PairIndex.Build(parts, Bounds.Entities, byTail: true);
    }

    /// <summary>How many distinct triples are known.</summary>
    public int Count => _tails.Count;

    internal GraphBounds Bounds { get; }

    /// <summary>Indexes some triples, and no split beside them.</summary>
    /// <param name="graph">The graph whose ids they are of.</param>
    /// <param name="triples">The triples; duplicates count once.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    public static KnownTriples Of(KnowledgeGraph graph, ReadOnlyMemory<Triple> triples) => new(graph, [Checked(graph, triples)]);

    /// <summary>The tails t for which (head, relation, t) is known, in ascending order, each once.</summary>
    /// <param name="head">Id of the head.</param>
    /// <param name="relation">Id of the relation.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    public ReadOnlySpan<int> TailsOf(int head, int relation)
    {
        Bounds.CheckEntity(head, nameof(head));
        Bounds.CheckRelation(relation, nameof(relation));
        return _tails.Find(head, relation).Span;
    }

    /// <summary>The heads h for which (h, relation, tail) is known, in ascending order, each once.</summary>
    /// <param name="relation">Id of the relation.</param>
    /// <param name="tail">Id of the tail.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    public ReadOnlySpan<int> HeadsOf(int relation, int tail)
    {
        Bounds.CheckEntity(tail, nameof(tail));
        Bounds.CheckRelation(relation, nameof(relation));
        return _heads.Find(tail, relation).Span;
    }

    /// <summary>Whether a triple is known.</summary>
    /// <param name="triple">The triple.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    public bool Contains(Triple triple)
    {
        Bounds.Check(triple, nameof(triple));
        return TailsOf(triple.Head, triple.Relation).BinarySearch(triple.Tail) >= 0;
    }

    /// <summary><see cref="TailsOf"/> of ids that are known to be the graph's, in a form that can be kept.</summary>
    internal ReadOnlyMemory<int> TailMemory(int head, int relation) => _tails.Find(head, relation);

    /// <summary><see cref="HeadsOf"/> of ids that are known to be the graph's, in a form that can be kept.</summary>
    internal ReadOnlyMemory<int> HeadMemory(int relation, int tail) => _heads.Find(tail, relation);

    /// <summary>Whether both know the same triples of the same ids.</summary>
    internal bool SetEquals(KnownTriples other) => Bounds == other.Bounds && _tails.SetEquals(other._tails);

    private static ReadOnlyMemory<Triple> Checked(KnowledgeGraph graph, ReadOnlyMemory<Triple> triples)
    {
        ArgumentNullException.ThrowIfNull(graph);
        GraphBounds bounds = graph.Bounds;
        foreach (Triple triple in triples.Span)
        {
            bounds.Check(triple, nameof(triples));
        }

        return triples;
    }

    private static List<ReadOnlyMemory<Triple>> Parts(KnowledgeGraph graph, ReadOnlySpan<GraphSplit> splits)
    {
        var parts = new List<ReadOnlyMemory<Triple>>();
        foreach (GraphSplit split in splits.IsEmpty ? Enum.GetValues<GraphSplit>() : splits)
        {
            parts.Add(graph.TripleMemory(split));
        }

        return parts;
    }
}
