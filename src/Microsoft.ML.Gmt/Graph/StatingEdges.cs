namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// The edges of a graph that state a triple: those that join its two ends, or one of them to itself, by its relation, in either direction.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="triple">The triple, stated or not.</param>
internal readonly struct StatingEdges(KnowledgeGraph graph, Triple triple)
{
    private readonly Adjacency _adjacency = graph.Adjacency;

    /// <summary>The triple.</summary>
    public Triple Triple => triple;

    /// <summary>The relation of edges that lead from its tail to its head.</summary>
    public int Inverse { get; } = graph.AddInverse ? triple.Relation + graph.Relations.Count : triple.Relation;

    /// <summary>Whether an entity is the triple's head or tail.</summary>
    public bool HaveEnd(int entity) => entity == triple.Head || entity == triple.Tail;

    /// <summary>Whether an edge states the triple.</summary>
    /// <param name="entity">The entity whose edge it is.</param>
    /// <param name="edge">Its index into <see cref="Adjacency"/>.</param>
    public bool Contain(int entity, int edge)
    {
        int relation = _adjacency.Relations[edge];
        return (relation == triple.Relation || relation == Inverse) && HaveEnd(entity) && HaveEnd(_adjacency.Neighbors[edge]);
    }
}
