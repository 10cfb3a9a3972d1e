using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class LinkPredictionMetricsTests
{
    [TestMethod]
    public void Ties_are_broken_three_ways()
    {
        var rank = new EntityRank(Higher: 2, Equal: 3, Candidates: 10);
        Assert.AreEqual(3, rank.Of(RankType.Optimistic));
        Assert.AreEqual(4.5, rank.Of(RankType.Realistic));
        Assert.AreEqual(6, rank.Of(RankType.Pessimistic));
        Assert.AreEqual(rank, EntityRank.FromRanks(3, 6, 10));
    }

    [TestMethod]
    public void Figures_follow_their_definitions()
    {
        EntityRank[] ranks = [new(0, 0, 9), new(3, 0, 11)];
        RankingMetrics metrics = RankingMetrics.Compute(ranks, RankType.Realistic, [1, 3, 4]);
        Assert.AreEqual(2.5, metrics.MeanRank, 1e-12);
        Assert.AreEqual((1 + 0.25) / 2, metrics.MeanReciprocalRank, 1e-12);
        Assert.AreEqual(1 - (1.5 / 4.5), metrics.AdjustedMeanRankIndex, 1e-12, "the expected ranks are 5 and 6");
        CollectionAssert.AreEqual(new[] { 0.5, 0.5, 1 }, new[] { metrics.HitsAt[1], metrics.HitsAt[3], metrics.HitsAt[4] });
    }

    [TestMethod]
    public void A_model_that_scores_everything_alike_has_an_index_of_zero()
    {
        EntityRank[] ranks = [.. Enumerable.Range(2, 40).Select(candidates => new EntityRank(0, candidates - 1, candidates))];
        Assert.AreEqual(0, RankingMetrics.Compute(ranks, RankType.Realistic).AdjustedMeanRankIndex, 1e-12);
        Assert.AreEqual(1, RankingMetrics.Compute(ranks, RankType.Optimistic).AdjustedMeanRankIndex, 1e-12);
    }

    [TestMethod]
    public void Sides_and_relations_are_told_apart()
    {
        LinkPredictionMetrics metrics = LinkPredictionMetrics.Compute(
        [
            new RankedQuery("likes", RankSide.Head, new EntityRank(0, 0, 5)),
            new RankedQuery("likes", RankSide.Tail, new EntityRank(1, 0, 5)),
            new RankedQuery("knows", RankSide.Tail, new EntityRank(3, 0, 5)),
        ]);
        Assert.AreEqual(1, metrics.Head.Realistic.MeanRank);
        Assert.AreEqual(3, metrics.Tail.Realistic.MeanRank);
        Assert.AreEqual(7.0 / 3, metrics.MeanRank, 1e-12);
        Assert.AreEqual(1.5, metrics.ByRelation["likes"].MeanRank);
        Assert.AreEqual(4, metrics.ByRelation["knows"].MeanRank);
        Assert.AreEqual(0, metrics.ByRelation["knows"].Head.Realistic.Count);
        Assert.IsTrue(double.IsNaN(metrics.ByRelation["knows"].Head.Realistic.MeanRank));
    }

    [TestMethod]
    public void Impossible_ranks_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRank.FromRanks(0, 1, 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRank.FromRanks(3, 2, 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRank.FromRanks(3, 6, 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => RankingMetrics.Compute([], RankType.Realistic, [0]));
        StringAssert.Contains(
            Assert.ThrowsExactly<KeyNotFoundException>(() => LinkPredictionMetrics.Compute([]).HitsAt(7)).Message, "Hits@1, 3, 5, 10");
    }
}
