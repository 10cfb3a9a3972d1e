using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class CoveringSplitTests
{
    private static readonly GraphSplit[] Held = [GraphSplit.Validation, GraphSplit.Test];

    [TestMethod]
    public void What_is_held_out_is_of_names_that_training_has_and_nothing_is_lost() => ForEachSplit((whole, graph) =>
    {
        Triple[] train = graph.Triples(GraphSplit.Train).ToArray();
        HashSet<int> entities = [.. train.SelectMany(triple => new[] { triple.Head, triple.Tail })];
        HashSet<int> relations = [.. train.Select(triple => triple.Relation)];
        foreach (Triple triple in Held.SelectMany(split => graph.Triples(split).ToArray()))
        {
            Assert.IsTrue(entities.IsSupersetOf([triple.Head, triple.Tail]) && relations.Contains(triple.Relation), $"{triple}");
        }

        Triple[][] splits = [.. Enum.GetValues<GraphSplit>().Select(split => graph.Triples(split).ToArray())];
        CollectionAssert.AreEquivalent(whole.Triples(GraphSplit.Train).ToArray(), splits.SelectMany(split => split).ToArray());
        int distinct = splits.SelectMany(split => split).Distinct().Count();
        Assert.AreEqual(distinct, splits.Sum(split => split.Distinct().Count()), "copies stay together");
        foreach (Triple[] split in splits)
        {
            Triple[] inOrder = [.. whole.Triples(GraphSplit.Train).ToArray().Where(split.Contains)];
            CollectionAssert.AreEqual(inOrder, split, "a split keeps the order");
        }

        Assert.AreSame(whole.Entities, graph.Entities);
        Assert.AreSame(whole.Relations, graph.Relations);
        Assert.AreEqual(whole.AddInverse, graph.AddInverse);
    });

    [TestMethod]
    public void One_seed_gives_one_split_and_another_seed_another()
    {
        KnowledgeGraph whole = Graphs.Random(entities: 60, relations: 4, triples: 900);
        string first = Graphs.Describe(whole.Split(0.2, 0.1, seed: 7));

        Assert.AreEqual(first, Graphs.Describe(whole.Split(0.2, 0.1, seed: 7)));
        Assert.AreEqual(first, Graphs.Describe(whole.WithInverse(true).Split(0.2, 0.1, seed: 7).WithInverse(false)));
        Assert.AreNotEqual(first, Graphs.Describe(whole.Split(0.2, 0.1, seed: 8)));
        Assert.AreEqual(new GraphDivision(0.2, 0.1, 7), whole.Split(0.2, 0.1, seed: 7).WithInverse(true).Division);
    }

    [TestMethod]
    [DataRow(0.1, 0.1)]
    [DataRow(0.25, 0.05)]
    [DataRow(0.0, 0.3)]
    [DataRow(0.3, 0.0)]
    [DataRow(0.0, 0.0)]
    public void The_splits_have_the_sizes_asked_for_where_names_have_triples_enough(double validation, double test)
    {
        KnowledgeGraph whole = Graphs.Random(entities: 40, relations: 3, triples: 1000);
        int distinct = whole.Triples(GraphSplit.Train).ToArray().Distinct().Count();
        KnowledgeGraph graph = whole.Split(validation, test);

        Assert.AreEqual(Math.Round(validation * distinct), graph.Triples(GraphSplit.Validation).ToArray().Distinct().Count());
        Assert.AreEqual(Math.Round(test * distinct), graph.Triples(GraphSplit.Test).ToArray().Distinct().Count());
    }

    [TestMethod]
    public void Where_few_triples_can_be_held_out_both_splits_get_their_share()
    {
        // A chain: each inner triple is the only one between its ends, but its ends have others; two neighbors cannot both go.
        var builder = new KnowledgeGraphBuilder();
        for (int i = 0; i < 30; i++)
        {
            builder.Add($"e{i}", "next", $"e{i + 1}");
        }

        KnowledgeGraph graph = builder.Build().Split(0.4, 0.4);
        (int validation, int test) = (graph.Triples(GraphSplit.Validation).Length, graph.Triples(GraphSplit.Test).Length);
        Assert.IsLessThan(24, validation + test);
        Assert.IsLessThanOrEqualTo(1, Math.Abs(validation - test));
        Assert.IsGreaterThan(3, validation);
    }

    [TestMethod]
    public void A_graph_of_which_nothing_can_be_held_out_is_refused_with_the_reason()
    {
        var star = new KnowledgeGraphBuilder();
        for (int leaf = 0; leaf < 5; leaf++)
        {
            star.Add("hub", "has", $"leaf {leaf}");
        }

        string message = Assert.ThrowsExactly<InvalidOperationException>(() => star.Build().Split()).Message;
        StringAssert.Contains(message, "Of 5 distinct triples none can be held out");
        Assert.AreEqual(5, star.Build().Split(0, 0).Triples(GraphSplit.Train).Length);
    }

    [TestMethod]
    public void Splits_that_came_with_the_data_stay()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.AddRange(Graphs.Random(entities: 10, relations: 2, triples: 60).Triples(GraphSplit.Train) is var triples
            ? Named(builder, triples) : default);
        builder.Add(new Triple(0, 0, 1), GraphSplit.Test);
        KnowledgeGraph graph = builder.Build();

        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => graph.Split()).Message, "has 1 test triples already");
        KnowledgeGraph divided = graph.Split(validationFraction: 0.2, testFraction: 0);
        Assert.AreEqual(1, divided.Triples(GraphSplit.Test).Length);
        Assert.IsGreaterThan(5, divided.Triples(GraphSplit.Validation).Length);
    }

    [TestMethod]
    public void Labeled_negatives_are_divided_too_but_for_those_of_unseen_names()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.AddRange(Named(builder, Graphs.Random(entities: 20, relations: 2, triples: 400).Triples(GraphSplit.Train)));
        for (int i = 0; i < 200; i++)
        {
            builder.Add($"e{i % 20}", "r0", $"e{i / 20}", label: false);
        }

        builder.Add("nobody", "r0", "e1", label: false);
        KnowledgeGraph graph = builder.Build().Split(0.2, 0.2);
        Assert.AreEqual(201, Enum.GetValues<GraphSplit>().Sum(split => graph.Negatives(split).Length));
        Assert.AreEqual(40, graph.Negatives(GraphSplit.Test).Length, 20);
        Assert.AreEqual(40, graph.Negatives(GraphSplit.Validation).Length, 20);
        int nobody = graph.Entities.GetId("nobody");
        Assert.IsTrue(graph.Negatives(GraphSplit.Train).ToArray().Any(triple => triple.Head == nobody));
    }

    [TestMethod]
    [DataRow(-0.1, 0.1, "validationFraction")]
    [DataRow(0.1, double.NaN, "testFraction")]
    [DataRow(0.1, 1.0, "testFraction")]
    [DataRow(double.PositiveInfinity, 0.1, "validationFraction")]
    [DataRow(0.5, 0.5, "testFraction")]
    public void Fractions_that_leave_nothing_to_learn_from_are_refused(double validation, double test, string parameter) => Assert.AreEqual(
        parameter,
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Graphs.Random(9, 2, 40).Split(validation, test)).ParamName);

    private static Triple[] Named(KnowledgeGraphBuilder builder, ReadOnlySpan<Triple> triples)
    {
        foreach (Triple triple in triples)
        {
            builder.AddEntity($"e{Math.Max(triple.Head, triple.Tail)}");
        }

        for (int id = 0; id < 20; id++)
        {
            builder.AddEntity($"e{id}");
            builder.AddRelation($"r{id % 2}");
        }

        return [.. triples.ToArray().Select(triple => new Triple(
            builder.AddEntity($"e{triple.Head}"), builder.AddRelation($"r{triple.Relation}"), builder.AddEntity($"e{triple.Tail}")))];
    }

    private static void ForEachSplit(Action<KnowledgeGraph, KnowledgeGraph> check) => Prop.ForAll(
        Graphs.Arbitrary, Gen.Choose(0, 45).ToArbitrary(), Gen.Choose(0, 45).ToArbitrary(), (parts, validation, test) =>
    {
        // The training triples of an arbitrary graph, three times as many by those of its other splits.
        var builder = new KnowledgeGraphBuilder(parts.Entities.Names, parts.Relations.Names);
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            builder.AddRange(parts.Triples(split));
            builder.AddRange(parts.Negatives(split), label: false);
        }

        KnowledgeGraph whole = builder.Build(parts.AddInverse);
        KnowledgeGraph graph;
        try
        {
            graph = whole.Split(validation / 100.0, test / 100.0, seed: validation);
        }
        catch (InvalidOperationException)
        {
            return; // too few can be held out, of which another test speaks
        }

        check(whole, graph);
    }).QuickCheckThrowOnFailure();
}
