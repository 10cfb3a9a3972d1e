using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class KnowledgeGraphTests
{
    [TestMethod]
    public void Edges_keep_the_order_of_the_triples_and_a_self_loop_gives_two()
    {
        KnowledgeGraph graph = Small();

        CollectionAssert.AreEqual(new[] { (0, 1), (0, 1), (1, 1), (1, 1) }, Graphs.EdgesOf(graph, 0));
        CollectionAssert.AreEqual(new[] { (0, 0), (0, 0), (1, 0), (1, 0), (0, 1), (0, 1) }, Graphs.EdgesOf(graph, 1));
        Assert.IsEmpty(Graphs.EdgesOf(graph, 2));
    }

    [TestMethod]
    public void It_says_how_much_it_holds()
    {
        var builder = new KnowledgeGraphBuilder([.. Enumerable.Range(0, 1_200).Select(entity => $"e{entity}")], ["r"]);
        builder.AddRange([.. Enumerable.Range(0, 1_199).Select(entity => new Triple(entity, 0, entity + 1))]);
        builder.AddRange([new(0, 0, 2)], GraphSplit.Test);
        Assert.AreEqual("1,200 entities, 1 relations, 1,199 training, 0 validation and 1 test triples", builder.Build().ToString());
    }

    [TestMethod]
    public void Inverse_relations_follow_the_relations()
    {
        KnowledgeGraph graph = Small().WithInverse(true);

        Assert.AreEqual(4, graph.EdgeRelationCount);
        CollectionAssert.AreEqual(new[] { (0, 1), (0, 1), (3, 1), (3, 1) }, Graphs.EdgesOf(graph, 0));
        CollectionAssert.AreEqual(Graphs.EdgesOf(Small(), 1), Graphs.EdgesOf(graph.WithInverse(false), 1));
        Assert.AreSame(graph, graph.WithInverse(true));
    }

    [TestMethod]
    public void Compressed_rows_equal_lists_of_edges() => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        List<(int Relation, int Neighbor)>[] naive = Graphs.NaiveEdges(graph);
        Assert.AreEqual(2 * graph.Triples(GraphSplit.Train).Length, graph.Adjacency.EdgeCount);
        for (int entity = 0; entity < naive.Length; entity++)
        {
            CollectionAssert.AreEqual(naive[entity], Graphs.EdgesOf(graph, entity));
            Assert.AreEqual(naive[entity].Count, graph.Adjacency.Degree(entity));
        }
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Only_training_triples_become_edges() => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
        builder.AddRange(graph.Triples(GraphSplit.Train));
        KnowledgeGraph alone = builder.Build(graph.AddInverse);

        Assert.IsTrue(graph.Adjacency.Offsets.SequenceEqual(alone.Adjacency.Offsets));
        Assert.IsTrue(graph.Adjacency.Relations.SequenceEqual(alone.Adjacency.Relations));
        Assert.IsTrue(graph.Adjacency.Neighbors.SequenceEqual(alone.Adjacency.Neighbors));
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void A_name_without_text_goes_by_its_name()
    {
        var builder = new KnowledgeGraphBuilder(["Q1"], ["P1"]);
        builder.AddEntity("Q2", "second", "a definition");
        KnowledgeGraph graph = builder.Build();

        Assert.AreEqual("Q1", graph.EntityText(0));
        Assert.AreEqual("second", graph.EntityText(1));
        Assert.AreEqual("P1", graph.RelationText(0));
        Assert.AreEqual("(second, P1, Q1)", graph.TripleText(new Triple(1, 0, 0)));
        Assert.IsNull(graph.EntityDefinition(0));
        Assert.AreEqual("a definition", graph.EntityDefinition(1));
    }

    [TestMethod]
    public void Foreign_triples_are_refused()
    {
        KnowledgeGraph graph = Small();

        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => graph.Evidence(new Triple(0, 2, 1)));
        StringAssert.Contains(error.Message, "(0, 2, 1)");
        StringAssert.Contains(error.Message, "3 entities and 2 relations");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => graph.Evidence(new Triple(-1, 0, 1)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => graph.Adjacency.Degree(3));
    }

    [TestMethod]
    public void A_builder_goes_on_without_changing_the_graphs_it_made()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.Add("a", "r", "b");
        KnowledgeGraph first = builder.Build();
        builder.Add("b".AsSpan(), "r", "c", GraphSplit.Test, label: false);
        KnowledgeGraph second = builder.Build();

        Assert.AreEqual(2, first.Entities.Count);
        Assert.AreEqual(3, second.Entities.Count);
        Assert.AreEqual(new Triple(1, 0, 2), second.Negatives(GraphSplit.Test)[0]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => builder.Add(new Triple(0, 1, 0)));
        Assert.ThrowsExactly<ArgumentException>(() => new KnowledgeGraphBuilder(["a", "a"], []));
    }

    [TestMethod]
    public void A_vocabulary_finds_names_by_string_and_by_span()
    {
        var names = new Vocabulary(["b", "a", "ä"]);

        Assert.IsTrue(names.TryGetId("ä", out int id));
        Assert.AreEqual(2, id);
        Assert.IsTrue(names.TryGetId("xay".AsSpan(1, 1), out id));
        Assert.AreEqual(1, id);
        Assert.IsFalse(names.TryGetId("A", out id));
        Assert.AreEqual(-1, id);
        Assert.IsFalse(names.TryGetId(null, out _));
        Assert.ThrowsExactly<KeyNotFoundException>(() => names.GetId("c"));
        Assert.ThrowsExactly<ArgumentException>(() => new Vocabulary(["a", "a"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => names[3]);
    }

    private static KnowledgeGraph Small()
    {
        var builder = new KnowledgeGraphBuilder(["a", "b", "alone"], ["r", "s"]);
        builder.AddRange([new(0, 0, 1), new(0, 0, 1), new(1, 1, 0), new(1, 1, 0), new(1, 0, 1)]);
        return builder.Build();
    }
}
