namespace Microsoft.ML.Gmt.Graph;

/// <summary>How many entities have a degree.</summary>
/// <param name="Degree">The degree.</param>
/// <param name="Entities">How many entities have it, at least one.</param>
public readonly record struct DegreeCount(int Degree, int Entities);

/// <summary>In how many training triples the entities of a graph stand.</summary>
/// <param name="AsHead">By the number of triples whose head the entity is, rising; degree 0 included.</param>
/// <param name="AsTail">By the number of triples whose tail it is.</param>
/// <param name="Total">By the sum of both, the entity's edges: a triple from an entity to itself counts twice.</param>
public sealed record DegreeDistribution(
    IReadOnlyList<DegreeCount> AsHead, IReadOnlyList<DegreeCount> AsTail, IReadOnlyList<DegreeCount> Total)
{
    /// <summary>Counts the training triples of a graph's entities, duplicates included.</summary>
    /// <param name="graph">The graph.</param>
    public static DegreeDistribution Of(KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        (int[] asHead, int[] asTail) = OfEntities(graph);
        return new DegreeDistribution(Count(asHead), Count(asTail), Count(asHead.Zip(asTail, (head, tail) => head + tail)));
    }

    /// <summary>In how many training triples each entity is the head, and in how many the tail, duplicates included.</summary>
    internal static (int[] AsHead, int[] AsTail) OfEntities(KnowledgeGraph graph)
    {
        int[] asHead = new int[graph.Entities.Count], asTail = new int[graph.Entities.Count];
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            asHead[triple.Head]++;
            asTail[triple.Tail]++;
        }

        return (asHead, asTail);
    }

    private static IReadOnlyList<DegreeCount> Count(IEnumerable<int> degrees) =>
        [.. degrees.CountBy(degree => degree).OrderBy(count => count.Key).Select(count => new DegreeCount(count.Key, count.Value))];
}
