namespace Microsoft.ML.Gmt.Graph;

/// <summary>What is allowed in a graph but seldom meant, found in the graph alone.</summary>
internal static class GraphDoubts
{
    /// <summary>All of it, columns first.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="log">Tells what was guessed.</param>
    public static IEnumerable<GraphDoubt> Of(KnowledgeGraph graph, FaultLog log) =>
    [
        .. new[]
        {
            ColumnDoubts.OfOrder(graph, log.IsOrderGuessed), [ColumnDoubts.OfHeader(graph, log.IsHeaderGuessed)], SplitDoubts.Of(graph),
            NameDoubts.Of(graph), EdgeDoubts(graph),
        }.SelectMany(doubts => doubts).OfType<GraphDoubt>(),
    ];

    private static IEnumerable<GraphDoubt?> EdgeDoubts(KnowledgeGraph graph)
    {
        HashSet<int> used = [.. graph.Triples(GraphSplit.Train).ToArray().Select(triple => triple.Relation)];
        int[] isolated = [.. Enumerable.Range(0, graph.Entities.Count).Where(entity => graph.Adjacency.Degree(entity) == 0)];
        int[] unused = [.. Enumerable.Range(0, graph.Relations.Count).Where(relation => !used.Contains(relation))];
        yield return GraphDoubt.Of("entities without a training edge", isolated, graph.EntityText);
        yield return GraphDoubt.Of("relations without a training triple", unused, graph.RelationText);
    }
}
