using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class SgmScorerTests
{
    private const float Rounding = 1e-5f;

    [TestMethod]
    public void Masked_ranks_put_the_triples_own_score_among_those_of_the_masked_query() => ForEachGraph(40, (graph, scorer) =>
    {
        Triple[] triples = [.. graph.Triples(GraphSplit.Train).ToArray().Take(4), .. graph.Triples(GraphSplit.Test).ToArray().Take(4)];
        IReadOnlyList<TripleRanks> masked = EntityRanking.Rank(scorer, triples, filter: null, QueryMask.Full);
        var forward = new SgmForward(scorer.Module, scorer.States);
        Tensor entities = forward.EncodeAllEntities(), relations = scorer.Module.RelationVectors();
        foreach (TripleRanks ranks in masked)
        {
            (Tensor own, Tensor head, Tensor tail) = forward.ScoreWithVectors([ranks.Triple], QueryMask.Full);
            AssertRank(ranks.Tail, own, entities.mv(head[0] * relations[ranks.Triple.Relation]), ranks.Triple.Tail);
            AssertRank(ranks.Head, own, entities.mv(tail[0] * relations[ranks.Triple.Relation]), ranks.Triple.Head);
        }
    });

    [TestMethod]
    public void Masked_ranks_of_triples_that_are_no_edges_are_the_plain_ones() => ForEachGraph(40, (graph, scorer) =>
    {
        Triple[] train = graph.Triples(GraphSplit.Train).ToArray();
        HashSet<(int, int)> joined = [.. train.Select(edge => (edge.Head, edge.Tail)), .. train.Select(edge => (edge.Tail, edge.Head))];
        bool IsApart(Triple triple) => !joined.Contains((triple.Head, triple.Tail))
            && !joined.Contains((triple.Head, triple.Head)) && !joined.Contains((triple.Tail, triple.Tail));
        Triple[] apart = [.. graph.Triples(GraphSplit.Test).ToArray().Where(IsApart)];
        TripleRanks[] Ranks(QueryMask mask) => [.. EntityRanking.Rank(scorer, apart, new KnownTriples(graph), mask)];
        CollectionAssert.AreEqual(Ranks(QueryMask.None), Ranks(QueryMask.Full));
    });

    [TestMethod]
    public void All_ways_of_asking_agree() => ForEachGraph(40, (graph, scorer) =>
    {
        Triple[] triples = [.. graph.Triples(GraphSplit.Train).ToArray().Take(4), .. graph.Triples(GraphSplit.Test).ToArray().Take(4)];
        int entities = graph.Entities.Count;
        foreach (QueryMask mask in new[] { QueryMask.None, QueryMask.Compatible, QueryMask.Full })
        {
            float[] scores = new float[triples.Length], heads = new float[triples.Length * entities], tails = new float[heads.Length];
            float[] headsAlone = new float[heads.Length], tailsAlone = new float[heads.Length];
            scorer.Score(triples, mask, scores);
            scorer.ScoreBothSides(triples, mask, heads, tails);
            scorer.ScoreHeads(triples, mask, headsAlone);
            scorer.ScoreTails(triples, mask, tailsAlone);
            CollectionAssert.AreEqual(heads, headsAlone);
            CollectionAssert.AreEqual(tails, tailsAlone);
            for (int i = 0; i < triples.Length; i++)
            {
                float tolerance = Rounding * (1 + Math.Abs(scores[i]));
                Assert.AreEqual(scores[i], heads[(i * entities) + triples[i].Head], tolerance, $"{mask}, head of {triples[i]}");
                Assert.AreEqual(scores[i], tails[(i * entities) + triples[i].Tail], tolerance, $"{mask}, tail of {triples[i]}");
            }
        }
    });

    [TestMethod]
    public void Wrong_room_and_foreign_triples_are_refused() => ForEachGraph(5, (graph, scorer) =>
    {
        int entities = graph.Entities.Count;
        Triple own = new(0, 0, 0), foreign = new(0, graph.Relations.Count, 0);
        Assert.ThrowsExactly<ArgumentException>(() => scorer.Score(new[] { own }, QueryMask.None, new float[2]));
        Assert.ThrowsExactly<ArgumentException>(() => scorer.ScoreTails(new[] { own }, QueryMask.None, new float[entities + 1]));
        Assert.ThrowsExactly<ArgumentException>(() => scorer.ScoreHeads(new[] { own, own }, QueryMask.None, new float[entities]));
        Assert.ThrowsExactly<ArgumentException>(() => scorer.ScoreBothSides(new[] { own }, QueryMask.None, new float[entities], default));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scorer.Score(new[] { foreign }, QueryMask.None, new float[1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scorer.ScoreTails(new[] { foreign }, QueryMask.None, new float[entities]));
        scorer.Score(default, QueryMask.Full, default);
        scorer.ScoreBothSides(default, QueryMask.Full, default, default);
    });

    [TestMethod]
    public void A_borrowed_module_outlives_its_scorer() => ForEachGraph(1, (graph, scorer) =>
    {
        var borrower = new SgmScorer(scorer.Module, graph) { OwnsModule = false };
        Assert.IsNull(borrower.FittedOn, "nobody said what it was trained on");
        borrower.ScoreTails(new[] { new Triple(0, 0, 0) }, QueryMask.None, new float[graph.Entities.Count]);
        borrower.Dispose();
        Assert.IsFalse(scorer.Module.RelationSemantics.Weight.IsInvalid);
    });

    private static void ForEachGraph(int count, Action<KnowledgeGraph, SgmScorer> check) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scope = NewDisposeScope();
            var options = new SgmOptions { GraphDimension = 8, Layers = 1, TopK = 3 };
            using var scorer = new SgmScorer(SgmModels.Create(graph, options, 8), graph);
            check(graph, scorer);
        }));

    /// <summary>The rank lies where scores that differ by more than rounding put it.</summary>
    private static void AssertRank(EntityRank rank, Tensor own, Tensor scores, int sought)
    {
        float score = own.item<float>();
        float[] others = [.. scores.data<float>().ToArray().Where((_, entity) => entity != sought)];
        Assert.IsGreaterThanOrEqualTo(others.Count(other => other > score + Rounding) + 1, rank.Optimistic);
        Assert.IsLessThanOrEqualTo(others.Count(other => other >= score - Rounding) + 1, rank.Pessimistic);
    }
}
