using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Paths;

[TestClass]
public sealed class PathScorerTests
{
    private static readonly FoundationModel Model = TinyPathModel.Model();

    [TestMethod]
    public void A_masked_query_sees_no_copy_of_its_triple_and_the_relations_as_they_are() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scorer = new PathScorer(Model, graph);
            float[] tails = new float[graph.Entities.Count], heads = new float[graph.Entities.Count], expected = new float[tails.Length];
            foreach (Triple triple in graph.Triples(GraphSplit.Train).ToArray().Distinct().Take(4))
            {
                scorer.ScoreBothSides(new[] { triple }, QueryMask.Full, heads, tails);
                NaivePathNetwork without = Without(scorer, triple);
                without.ScoreAll([Query(scorer, triple.Head, triple.Relation, triple.Relation)], expected);
                UltraGolden.AreNear(expected, tails, 1e-4, "tails");
                int inverse = triple.Relation + graph.Relations.Count;
                without.ScoreAll([Query(scorer, triple.Tail, triple.Relation, inverse)], expected);
                UltraGolden.AreNear(expected, heads, 1e-4, "heads");
            }
        }));

    [TestMethod]
    public void Scores_have_the_same_bits_alone_shared_and_among_all() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scorer = new PathScorer(Model, graph);
            Triple[] asked =
                [.. Enumerable.Range(0, graph.Entities.Count).Select(tail => new Triple(0, 0, tail)), .. graph.Triples(GraphSplit.Train)];
            foreach (QueryMask mask in new[] { QueryMask.None, QueryMask.Compatible, QueryMask.Full })
            {
                float[] together = new float[asked.Length], one = new float[1];
                float[] heads = new float[asked.Length * graph.Entities.Count], tails = new float[heads.Length];
                scorer.Score(asked, mask, together);
                scorer.ScoreHeads(asked, mask, heads);
                scorer.ScoreTails(asked, mask, tails);
                for (int i = 0; i < asked.Length; i++)
                {
                    scorer.Score(new[] { asked[i] }, mask, one);
                    Assert.AreEqual(one[0], together[i]);
                    float head = heads[(i * graph.Entities.Count) + asked[i].Head];
                    float tail = tails[(i * graph.Entities.Count) + asked[i].Tail];
                    Assert.AreEqual(PathScorer.Mean(head, tail), one[0]);
                }
            }
        }));

    [TestMethod]
    public void Many_threads_get_the_same_bits()
    {
        KnowledgeGraph graph = Graphs.Random(60, 5, 200);
        Triple[] asked = graph.Triples(GraphSplit.Train).ToArray();
        using var scorer = new PathScorer(Model, graph);
        float[] expected = new float[asked.Length];
        scorer.Score(asked, QueryMask.Full, expected);
        using var fresh = new PathScorer(Model, graph);
        LiveTensors.OnThreads(4, () =>
        {
            float[] scores = new float[asked.Length];
            fresh.Score(asked, QueryMask.Full, scores);
            CollectionAssert.AreEqual(expected, scores);
        });
    }

    [TestMethod]
    public void What_a_negative_was_drawn_from_is_hidden_with_it()
    {
        KnowledgeGraph graph = Graphs.Random(20, 2, 60);
        using var scorer = new PathScorer(Model, graph);
        Triple truth = graph.Triples(GraphSplit.Train)[0], drawn = truth with { Tail = (truth.Tail + 1) % 20 };
        float[] heads = new float[1], tails = new float[1], expected = new float[20];
        scorer.ScoreSides([new TripleQuery(drawn, truth)], QueryMask.Full, heads, tails);
        Without(scorer, truth, drawn).ScoreAll([Query(scorer, drawn.Head, drawn.Relation, drawn.Relation)], expected);
        Assert.AreEqual(expected[drawn.Tail], tails[0], 1e-4f);
    }

    [TestMethod]
    public void It_masks_and_does_not_know_what_it_was_fitted_on()
    {
        KnowledgeGraph graph = Graphs.Random(5, 2, 9);
        using var scorer = new PathScorer(Model, graph);
        Assert.IsTrue(scorer.CanMask);
        Assert.IsNull(scorer.FittedOn);
        Assert.AreSame(graph, scorer.Graph);
    }

    [TestMethod]
    public void Questions_out_of_the_graph_or_without_room_are_refused()
    {
        using var scorer = new PathScorer(Model, Graphs.Random(5, 2, 9));
        Triple[] noRelation = [new(0, 2, 1)], noEntity = [new(5, 0, 1)], fine = [new(0, 0, 1)];
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scorer.Score(noRelation, QueryMask.None, new float[1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scorer.ScoreTails(noEntity, QueryMask.None, new float[5]));
        Assert.ThrowsExactly<ArgumentException>(() => scorer.ScoreHeads(fine, QueryMask.None, new float[4]));
        Assert.ThrowsExactly<ArgumentException>(() => scorer.Score(fine, QueryMask.None, new float[2]));
        scorer.Score(ReadOnlyMemory<Triple>.Empty, QueryMask.None, Memory<float>.Empty);
        scorer.ScoreTails(ReadOnlyMemory<Triple>.Empty, QueryMask.None, Memory<float>.Empty);
    }

    [TestMethod]
    public void Relations_that_nobody_uses_are_let_go_of_beyond_the_budget()
    {
        int created = 0;
        using var cache = new RelationCache(_ =>
        {
            created++;
            return new ConditionedRelation(new float[10], new NoNetwork());
        }, budget: 100);
        using (RelationCache.Lease one = cache.Take(0), two = cache.Take(1), three = cache.Take(2), again = cache.Take(0))
        {
            Assert.AreEqual(3, created);
            Assert.AreSame(one.Relation, again.Relation);
            Assert.IsFalse(((NoNetwork)two.Relation.Network).IsDisposed);
        }

        // The third was let go of first, when there was too much; after it is taken again, the second is what was used the longest ago.
        cache.Take(0).Dispose();
        Assert.AreEqual(3, created);
        cache.Take(2).Dispose();
        Assert.AreEqual(4, created);
        cache.Take(0).Dispose();
        Assert.AreEqual(4, created);
        cache.Take(1).Dispose();
        Assert.AreEqual(5, created);
    }

    private static NaivePathNetwork Without(PathScorer scorer, params Triple[] hidden)
    {
        KnowledgeGraph graph = scorer.Graph;
        var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
        builder.AddRange([.. graph.Triples(GraphSplit.Train).ToArray().Where(triple => !hidden.Contains(triple))]);
        float[] relations = scorer.Runtime.Represent(hidden[0].Relation);
        PathLayer[] layers = [.. ((FoundationModel)scorer.Model).EntityLayers.Select(layer => layer.Project(relations))];
        return new NaivePathNetwork(EntityMessages.Build(builder.Build()), layers, scorer.Model.Readout);
    }

    private static PathQuery Query(PathScorer scorer, int source, int relation, int label)
    {
        int width = scorer.Runtime.Width;
        return new PathQuery(source, scorer.Runtime.Represent(relation).AsMemory(label * width, width), default);
    }

    private sealed class NoNetwork : IPathNetwork
    {
        public bool IsDisposed { get; private set; }

        public long ByteCount => 0;

        public void States(PathQuery query, Span<float> states) => throw new NotSupportedException();

        public void ScoreAll(ReadOnlySpan<PathQuery> queries, Span<float> scores) => throw new NotSupportedException();

        public float Score(PathQuery query, int node) => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;
    }
}
