using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class NegativeSamplerTests
{
    [TestMethod]
    [DataRow(NegativeSampling.Uniform)]
    [DataRow(NegativeSampling.Filtered)]
    [DataRow(NegativeSampling.Typed)]
    public void A_negative_differs_from_its_positive_at_one_side_at_most(NegativeSampling strategy) =>
        ForEachTriple(strategy, (graph, positive, negative) =>
    {
        Assert.AreEqual(positive.Relation, negative.Relation);
        Assert.IsTrue(positive.Head == negative.Head || positive.Tail == negative.Tail);
        Assert.IsTrue(negative.Head < graph.Entities.Count && negative.Tail < graph.Entities.Count);
    });

    [TestMethod]
    [DataRow(NegativeSampling.Filtered)]
    [DataRow(NegativeSampling.Typed)]
    public void A_filtered_negative_is_not_known_unless_every_corruption_is(NegativeSampling strategy) =>
        ForEachTriple(strategy, (graph, positive, negative) =>
    {
        var known = new KnownTriples(graph, GraphSplit.Train);
        if (known.Contains(negative) || negative == positive)
        {
            Assert.IsTrue(Corruptions(graph, positive).All(triple => triple == positive || known.Contains(triple)));
        }
    });

    [TestMethod]
    public void A_typed_negative_has_an_entity_seen_at_that_side_unless_there_is_none() =>
        ForEachTriple(NegativeSampling.Typed, (graph, positive, negative) =>
    {
        var known = new KnownTriples(graph, GraphSplit.Train);
        Triple[] training = graph.Triples(GraphSplit.Train).ToArray();
        bool IsTyped(Triple triple) => triple != positive
            && (triple.Head == positive.Head || training.Any(other => other.Relation == triple.Relation && other.Head == triple.Head))
            && (triple.Tail == positive.Tail || training.Any(other => other.Relation == triple.Relation && other.Tail == triple.Tail));
        Assert.IsTrue(IsTyped(negative) || !Corruptions(graph, positive).Any(triple => IsTyped(triple) && !known.Contains(triple)));
    });

    [TestMethod]
    public void Draws_are_uniform_over_what_qualifies()
    {
        // Of ten entities, tail 1 is the positive's and tails 2 … 7 are known: 8, 9 and 0 remain, few enough for listing to take its part.
        var builder = new KnowledgeGraphBuilder(Enumerable.Range(0, 10).Select(id => $"e{id}"), ["r"]);
        builder.AddRange([.. Enumerable.Range(1, 7).Select(tail => new Triple(0, 0, tail))]);
        KnowledgeGraph graph = builder.Build();
        var sampler = new NegativeSampler(graph, NegativeSampling.Filtered, new RandomStreams(3));
        Triple[] negatives = sampler.SampleAll(Enumerable.Repeat(new Triple(0, 0, 1), 6000).ToArray(), 2);

        int[] tails = new int[10];
        foreach (Triple negative in negatives.Where(negative => negative.Head == 0))
        {
            tails[negative.Tail]++;
        }

        int total = tails.Sum();
        Assert.AreEqual(6000, total, 300, "each side is corrupted half of the time");
        Assert.AreEqual(total, tails[0] + tails[8] + tails[9]);
        foreach (int tail in new[] { 0, 8, 9 })
        {
            Assert.AreEqual(2000, tails[tail], 180);
        }
    }

    [TestMethod]
    [DataRow(NegativeSampling.Filtered)]
    [DataRow(NegativeSampling.Typed)]
    [Timeout(60_000, CooperativeCancellation = true)]
    public void A_draw_at_a_hub_does_not_cost_its_degree(NegativeSampling strategy)
    {
        // A hub with all entities but five, so that nearly all tails are known: to list the rest for each draw anew would take minutes.
        const int leaves = 300_000, draws = 20_000;
        var builder = new KnowledgeGraphBuilder(Enumerable.Range(0, leaves + 6).Select(id => $"e{id}"), ["has", "near"]);
        builder.AddRange([.. Enumerable.Range(1, leaves).Select(leaf => new Triple(0, 0, leaf))]);
        builder.AddRange([.. Enumerable.Range(leaves + 1, 5).Select(other => new Triple(1, 0, other))]);
        KnowledgeGraph graph = builder.Build();
        var sampler = new NegativeSampler(graph, strategy, new RandomStreams(3));
        int[] tails = new int[graph.Entities.Count];
        foreach (Triple negative in sampler.SampleAll(Enumerable.Repeat(new Triple(0, 0, 1), draws).ToArray(), 1))
        {
            tails[negative.Tail] += negative.Head == 0 ? 1 : 0;
        }

        // Typed, a head has only one other candidate; filtered, the hub itself may be a tail as well.
        int[] allowed = [.. strategy == NegativeSampling.Typed ? [] : new[] { 0 }, .. Enumerable.Range(leaves + 1, 5)];
        int total = tails.Sum();
        Assert.AreEqual(draws / 2, total, draws / 50);
        Assert.AreEqual(total, allowed.Sum(tail => tails[tail]));
        foreach (int tail in allowed)
        {
            Assert.AreEqual(total / (double)allowed.Length, tails[tail], total / (double)allowed.Length / 8);
        }
    }

    [TestMethod]
    public void The_same_position_gives_the_same_negatives_on_any_number_of_threads()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 60, relations: 3, triples: 300);
        ReadOnlyMemory<Triple> positives = graph.TripleMemory(GraphSplit.Train);
        foreach (NegativeSampling strategy in Enum.GetValues<NegativeSampling>())
        {
            Triple[] together = new NegativeSampler(graph, strategy, new RandomStreams(1)).SampleAll(positives, 5, epoch: 2);
            var sampler = new NegativeSampler(graph, strategy, new RandomStreams(1));
            for (int row = positives.Length - 1; row >= 0; row--)
            {
                var alone = new Triple[5];
                sampler.Sample(positives.Span[row], alone, 2, row);
                CollectionAssert.AreEqual(together[(5 * row)..(5 * (row + 1))], alone);
            }

            CollectionAssert.AreNotEqual(together, sampler.SampleAll(positives, 5, epoch: 3));
            CollectionAssert.AreNotEqual(
                together, new NegativeSampler(graph, strategy, new RandomStreams(2)).SampleAll(positives, 5, epoch: 2));
            CollectionAssert.AreNotEqual(
                together, new NegativeSampler(graph, strategy, new RandomStreams(1), purpose: "others").SampleAll(positives, 5, epoch: 2));
        }
    }

    [TestMethod]
    public void Foreign_triples_and_foreign_knowledge_are_refused()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 5, relations: 2, triples: 9);
        var sampler = new NegativeSampler(graph, NegativeSampling.Uniform, new RandomStreams(1));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => sampler.Sample(new Triple(5, 0, 0), new Triple[1], 0));
        var foreign = new KnownTriples(Graphs.Random(entities: 6, relations: 2, triples: 9));
        Assert.ThrowsExactly<ArgumentException>(() => new NegativeSampler(graph, NegativeSampling.Typed, new RandomStreams(1), foreign));
    }

    private static void ForEachTriple(NegativeSampling strategy, Action<KnowledgeGraph, Triple, Triple> check) =>
        Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        var sampler = new NegativeSampler(graph, strategy, new RandomStreams(graph.Entities.Count));
        ReadOnlyMemory<Triple> positives = new[] { GraphSplit.Train, GraphSplit.Test }.SelectMany(
            split => graph.TripleMemory(split).ToArray()).ToArray();
        Triple[] negatives = sampler.SampleAll(positives, 4);
        for (int i = 0; i < negatives.Length; i++)
        {
            check(graph, positives.Span[i / 4], negatives[i]);
        }
    }).QuickCheckThrowOnFailure();

    private static IEnumerable<Triple> Corruptions(KnowledgeGraph graph, Triple triple)
    {
        IEnumerable<int> entities = Enumerable.Range(0, graph.Entities.Count);
        return entities.Select(entity => triple with { Head = entity }).Concat(entities.Select(entity => triple with { Tail = entity }));
    }
}
