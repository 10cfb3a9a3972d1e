using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class GraphIdentityTests
{
    private static readonly Triple[] Edges = [new(0, 0, 1), new(1, 1, 2)], Held = [new(2, 0, 0)];

    [TestMethod]
    public void Each_difference_is_named_and_nothing_else()
    {
        AssertDiffers(Build(4, 2, Edges, Held), "graph entities");
        AssertDiffers(Build(3, 3, Edges, Held), "graph relations", "graph relations of edges");
        AssertDiffers(Build(3, 2, Edges, Held).WithInverse(true), "graph inverse relations", "graph relations of edges");
        AssertDiffers(Build(3, 2, [Edges[0], new(1, 1, 0)], Held), "graph edges");
        AssertDiffers(Build(3, 2, [Edges[1], Edges[0]], Held), "graph edges");
        AssertDiffers(Build(3, 2, Edges, []), "graph validation triples");
        AssertDiffers(Build(3, 2, Edges, Held));
    }

    private static void AssertDiffers(KnowledgeGraph other, params string[] names) => CollectionAssert.AreEquivalent(
        names, GraphIdentity.Of(other).Except(GraphIdentity.Of(Build(3, 2, Edges, Held))).Select(entry => entry.Name).ToArray());

    private static KnowledgeGraph Build(int entities, int relations, Triple[] edges, Triple[] held)
    {
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, entities).Select(id => $"e{id}"), Enumerable.Range(0, relations).Select(id => $"r{id}"));
        Array.ForEach(edges, edge => builder.Add(edge, GraphSplit.Train));
        Array.ForEach(held, triple => builder.Add(triple, GraphSplit.Validation));
        return builder.Build();
    }
}
