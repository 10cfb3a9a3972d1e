namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// The edges of a graph that a query must not see where it is masked: those that state its triple or its hidden one, in either direction.
/// An edge states a triple where it joins two of the triple's ends, or one of them to itself, by the triple's relation.
/// </summary>
internal readonly struct HiddenEdges
{
    private readonly Adjacency _adjacency;
    private readonly int _relations;

    public HiddenEdges(KnowledgeGraph graph, TripleQuery query)
    {
        (_adjacency, _relations) = (graph.Adjacency, graph.AddInverse ? graph.Relations.Count : 0);
        Query = query.Triple;
        if (query.Triple != query.Hidden)
        {
            Query = IsAnyAt(query.Triple.Head) || IsAnyAt(query.Triple.Tail) ? query : query.Hidden;
        }
    }

    /// <summary>
    /// The triples whose edges are hidden. Where no edge states the query's own triple, that is its hidden one twice, so that all negatives
    /// of one triple see the same.
    /// </summary>
    public TripleQuery Query { get; }

    /// <summary>Whether any edge of a graph states a triple, so that a mask hides something of it.</summary>
    public static bool Exist(KnowledgeGraph graph, Triple triple) =>
        new HiddenEdges(graph, triple) is var hidden && (hidden.IsAnyAt(triple.Head) || hidden.IsAnyAt(triple.Tail));

    /// <summary>Whether an entity is an end of a triple whose edges are hidden.</summary>
    public bool HasEnd(int entity) => IsEnd(Query.Triple, entity) || IsEnd(Query.Hidden, entity);

    /// <summary>Whether a relation is that of a triple whose edges are hidden, or leads from its tail to its head.</summary>
    public bool HasRelation(int relation) => IsOf(Query.Triple, relation) || IsOf(Query.Hidden, relation);

    /// <summary>Whether an edge is hidden.</summary>
    /// <param name="entity">The entity whose edge it is.</param>
    /// <param name="edge">Its index into <see cref="Adjacency"/>.</param>
    public bool Contains(int entity, int edge) => States(Query.Hidden, entity, edge) || States(Query.Triple, entity, edge);

    /// <summary>The first edge from one index to another whose neighbor is an end; -1 where there is none.</summary>
    public int NextToEnd(int edge, int end)
    {
        (Triple one, Triple other) = (Query.Triple, Query.Hidden);
        ReadOnlySpan<int> neighbors = _adjacency.Neighbors[edge..end];
        int skipped = one == other
            ? neighbors.IndexOfAny(one.Head, one.Tail)
            : neighbors.IndexOfAny([one.Head, one.Tail, other.Head, other.Tail]);
        return skipped < 0 ? -1 : edge + skipped;
    }

    private static bool IsEnd(Triple triple, int entity) => entity == triple.Head || entity == triple.Tail;

    private bool IsOf(Triple triple, int relation) => relation == triple.Relation || relation == triple.Relation + _relations;

    private bool States(Triple triple, int entity, int edge) =>
        IsOf(triple, _adjacency.Relations[edge]) && IsEnd(triple, entity) && IsEnd(triple, _adjacency.Neighbors[edge]);

    private bool IsAnyAt(int entity)
    {
        int end = (int)_adjacency.Offsets[entity + 1];
        for (int edge = NextToEnd((int)_adjacency.Offsets[entity], end); edge >= 0; edge = NextToEnd(edge + 1, end))
        {
            if (Contains(entity, edge))
            {
                return true;
            }
        }

        return false;
    }
}
