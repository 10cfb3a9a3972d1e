using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Ranking;

[TestClass]
public sealed class EntityRankingTests
{
    private static readonly float[] Values = [-1, -0f, 0, 0.5f, 1, float.MaxValue, float.MinValue];

    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [TestMethod]
    public void Ranks_equal_counting_candidate_by_candidate() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Graphs.Arbitrary, Seeds, (graph, seed) =>
        {
            // Few values, so that ties are frequent.
            float Score(Triple triple) => Values[(uint)HashOf(triple, seed) % Values.Length];
            Triple[] triples = [.. graph.Triples(GraphSplit.Test), .. graph.Triples(GraphSplit.Train), .. graph.Triples(GraphSplit.Test)];
            foreach (KnownTriples? filter in new[] { null, new KnownTriples(graph), new KnownTriples(graph, GraphSplit.Validation) })
            {
                IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(new FunctionScorer(graph, Score), triples, filter, QueryMask.None);
                Assert.AreEqual(triples.Length, ranks.Count);
                for (int i = 0; i < triples.Length; i++)
                {
                    Triple triple = triples[i];
                    Triple[] With(Func<int, Triple> complete) => [.. Enumerable.Range(0, graph.Entities.Count).Select(complete)];
                    EntityRank head = Naive(triple, With(entity => triple with { Head = entity }), filter, Score);
                    EntityRank tail = Naive(triple, With(entity => triple with { Tail = entity }), filter, Score);
                    Assert.AreEqual(new TripleRanks(triple, head, tail), ranks[i]);
                }
            }
        }));

    [TestMethod]
    public void Ranks_by_one_product_equal_scoring_each_candidate_on_its_own() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scope = NewDisposeScope();
            using Generator generator = new(2);

            // Small integers: exact in any order of summation, with many ties.
            Tensor entities = randint(-2, 3, [graph.Entities.Count, 3], ScalarType.Float32, generator: generator);
            Tensor relations = randint(-2, 3, [graph.Relations.Count, 3], ScalarType.Float32, generator: generator);
            float Score(Triple triple) => (entities[triple.Head] * relations[triple.Relation] * entities[triple.Tail]).sum().item<float>();
            var known = new KnownTriples(graph);
            Triple[] triples = [.. graph.Triples(GraphSplit.Test).ToArray().Take(5)];
            foreach (TripleRanks ranks in EntityRanking.Rank(new VectorScorer(graph, entities, relations), triples, known, QueryMask.None))
            {
                float own = Score(ranks.Triple);
                IEnumerable<Triple> tails = Enumerable.Range(0, graph.Entities.Count).Select(entity => ranks.Triple with { Tail = entity });
                float[] others = [.. tails.Where(triple => triple != ranks.Triple && !known.Contains(triple)).Select(Score)];
                int higher = others.Count(score => score > own), equal = others.Count(score => score == own);
                Assert.AreEqual(new EntityRank(higher, equal, others.Length + 1), ranks.Tail);
            }
        }));

    [TestMethod]
    public void Ranks_under_a_mask_equal_asking_for_each_triple_apart() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Graphs.Arbitrary, Seeds, (graph, seed) =>
        {
            float Score(Triple triple, Triple? hidden) =>
                Values[(uint)HashOf(triple, hidden is { } own ? HashOf(own, seed) : seed) % Values.Length];
            Triple[] triples = [.. graph.Triples(GraphSplit.Train), .. graph.Triples(GraphSplit.Test), .. graph.Triples(GraphSplit.Train)];
            var known = new KnownTriples(graph);
            var scorer = new MaskingScorer(graph, Score);
            IReadOnlyList<TripleRanks> together = EntityRanking.Rank(scorer, triples, known, QueryMask.Full);
            Assert.IsLessThanOrEqualTo(2 * triples.Length, scorer.Rows);
            for (int i = 0; i < triples.Length; i++)
            {
                Assert.AreEqual(EntityRanking.Rank(scorer, triples[i..(i + 1)], known, QueryMask.Full)[0], together[i]);
            }
        }));

    [TestMethod]
    public void Equal_questions_are_asked_once()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 9, relations: 2, triples: 20);
        var scorer = new FunctionScorer(graph, triple => triple.Tail - triple.Head);
        Triple[] star = [.. Enumerable.Range(0, 9).Select(tail => new Triple(3, 1, tail))];
        IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(scorer, star, filter: null, QueryMask.None);
        CollectionAssert.AreEqual(new[] { 1, 9 }, scorer.Asked, "the tails of one question, the heads of nine");
        CollectionAssert.AreEqual(Enumerable.Range(0, 9).Reverse().ToArray(), ranks.Select(rank => rank.Tail.Higher).ToArray());
    }

    [TestMethod]
    public void Progress_is_told_batch_by_batch_and_the_work_may_end_between_them()
    {
        KnowledgeGraph graph = new KnowledgeGraphBuilder(Enumerable.Range(0, 701).Select(id => $"{id}"), ["next"]).Build();
        var scorer = new FunctionScorer(graph, triple => triple.Tail);
        Triple[] triples = [.. Enumerable.Range(0, 700).Select(id => new Triple(id, 0, id + 1))];
        List<int> told = [];
        using var source = new CancellationTokenSource();
        EntityRanking.Rank(scorer, triples, filter: null, QueryMask.None, new Listener<int>(told.Add));
        CollectionAssert.AreEqual(new[] { 512, 188, 512, 188 }, scorer.Asked, "tails, then heads");
        CollectionAssert.AreEqual(new[] { 256, 94, 256, 94 }, told, "a triple is ranked when both sides are");
        Assert.ThrowsExactly<OperationCanceledException>(() => EntityRanking.Rank(
            scorer, triples, filter: null, QueryMask.None, new Listener<int>(_ => source.Cancel()), source.Token));
        Assert.HasCount(5, scorer.Asked, "one batch more");
    }

    [TestMethod]
    public void The_room_for_scores_does_not_grow_with_the_number_of_triples()
    {
        const int Entities = 30_000, MostScores = 1 << 22;
        KnowledgeGraph graph = new KnowledgeGraphBuilder(Enumerable.Range(0, Entities).Select(id => $"{id}"), ["next"]).Build();
        var scorer = new FunctionScorer(graph, triple => triple.Tail);
        EntityRanking.Rank(
            scorer, [.. Enumerable.Range(0, 300).Select(id => new Triple(id, 0, id + 1))], filter: null, QueryMask.None);
        Assert.AreEqual(MostScores / Entities, scorer.Asked.Max());
        Assert.AreEqual(2 * 300, scorer.Asked.Sum());
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void A_score_that_is_not_finite_gives_no_rank(float bad)
    {
        KnowledgeGraph graph = new KnowledgeGraphBuilder(["a", "b", "c"], ["r"]).Build();
        foreach (FunctionScorer scorer in new[]
        {
            new FunctionScorer(graph, triple => triple.Tail == 2 ? bad : triple.Tail), new(graph, triple => triple.Head == 2 ? bad : 0),
        })
        {
            string message = Assert.ThrowsExactly<NotFiniteNumberException>(
                () => EntityRanking.Rank(scorer, [new Triple(0, 0, 1)], filter: null, QueryMask.None)).Message;
            StringAssert.Contains(message, "the score of 'c' for the query (a, r, b)");
        }
    }

    [TestMethod]
    public void What_is_of_another_graph_is_refused()
    {
        var scorer = new FunctionScorer(new KnowledgeGraphBuilder(["a", "b"], ["r"]).Build(), _ => 0);
        Triple[] foreign = [new Triple(0, 1, 1)];
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRanking.Rank(scorer, foreign, filter: null, QueryMask.None));
        var known = new KnownTriples(new KnowledgeGraphBuilder(["a", "b", "c"], ["r"]).Build());
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => EntityRanking.Rank(scorer, [], known, QueryMask.None));
        StringAssert.Contains(error.Message, "3 entities");
    }

    [TestMethod]
    public void A_mask_reaches_the_model_which_may_refuse_it()
    {
        KnowledgeGraph graph = new KnowledgeGraphBuilder(["a", "b"], ["r"]).Build();
        var scorer = new FunctionScorer(graph, _ => 0);
        Assert.ThrowsExactly<NotSupportedException>(() => EntityRanking.Rank(scorer, [new Triple(0, 0, 1)], filter: null, QueryMask.Full));
    }

    [TestMethod]
    public void Figures_are_those_of_both_sides()
    {
        TripleRanks[] ranks =
        [
            new(new Triple(0, 1, 2), Head: new EntityRank(0, 0, 9), Tail: new EntityRank(1, 0, 9)),
            new(new Triple(0, 0, 2), Head: new EntityRank(3, 0, 9), Tail: new EntityRank(0, 2, 9)),
        ];
        double expected = (1 + (1 / 2.0) + (1 / 4.0) + (1 / 2.0)) / 4;
        Assert.AreEqual(expected, EntityRanking.MeanReciprocalRank(ranks), 1e-12);
        LinkPredictionMetrics metrics = EntityRanking.Metrics(ranks, relation => $"relation {relation}", [2]);
        Assert.AreEqual(expected, metrics.MeanReciprocalRank, 1e-12);
        Assert.AreEqual(0.75, metrics.HitsAt(2), 1e-12);
        Assert.AreEqual(0.625, metrics.Head.Realistic.MeanReciprocalRank, 1e-12);
        CollectionAssert.AreEqual(new[] { "relation 0", "relation 1" }, metrics.ByRelation.Keys.ToArray());
        Assert.AreEqual(0, EntityRanking.MeanReciprocalRank([]));
        string shared = Assert.ThrowsExactly<ArgumentException>(() => EntityRanking.Metrics(ranks, _ => "located in")).Message;
        StringAssert.StartsWith(shared, "Relations 0 and 1 are both named 'located in', and would be counted as one");
    }

    /// <summary>By the definition: candidates are the answer and whatever makes no other known triple.</summary>
    private static EntityRank Naive(Triple answer, Triple[] all, KnownTriples? filter, Func<Triple, float> score)
    {
        Triple[] others = [.. all.Where(triple => triple != answer && filter?.Contains(triple) != true)];
        float own = score(answer);
        int higher = others.Count(other => score(other) > own);
        return new EntityRank(higher, others.Count(other => score(other) == own), others.Length + 1);
    }

    private static int HashOf(Triple triple, int seed)
    {
        uint hash = (uint)seed;
        foreach (int id in new[] { triple.Head, triple.Relation, triple.Tail })
        {
            hash = ((hash ^ (uint)id) * 16777619u) + 2654435769u;
            hash ^= hash >> 15;
        }

        return (int)hash;
    }
}
