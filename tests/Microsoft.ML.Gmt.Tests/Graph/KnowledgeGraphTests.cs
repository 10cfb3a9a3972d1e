using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class KnowledgeGraphTests
{
    [TestMethod]
    public void Edges_keep_the_order_of_the_triples_and_a_self_loop_gives_two()
    {
        KnowledgeGraph graph = Small();

        Assert.AreEqual("0>1 0>1 1>1 1>1", Edges(graph, 0));
        Assert.AreEqual("0>0 0>0 1>0 1>0 0>1 0>1", Edges(graph, 1));
        Assert.AreEqual("", Edges(graph, 2));
    }

    [TestMethod]
    public void Inverse_relations_follow_the_relations()
    {
        KnowledgeGraph graph = Small().WithInverse(true);

        Assert.AreEqual(4, graph.EdgeRelationCount);
        Assert.AreEqual("0>1 0>1 3>1 3>1", Edges(graph, 0));
    }

    private static KnowledgeGraph Small()
    {
        var builder = new KnowledgeGraphBuilder(["a", "b", "alone"], ["r", "s"]);
        builder.AddRange([new(0, 0, 1), new(0, 0, 1), new(1, 1, 0), new(1, 1, 0), new(1, 0, 1)]);
        return builder.Build();
    }

    private static string Edges(KnowledgeGraph graph, int entity)
    {
        Adjacency adjacency = graph.Adjacency;
        (int start, int length) = adjacency.EdgesOf(entity).GetOffsetAndLength(adjacency.EdgeCount);
        return string.Join(' ', Enumerable.Range(start, length).Select(edge => $"{graph.Adjacency.Relations[edge]}>{graph.Adjacency.Neighbors[edge]}"));
    }
}
