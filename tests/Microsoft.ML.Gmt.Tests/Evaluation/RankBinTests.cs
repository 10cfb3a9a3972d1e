using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class RankBinTests
{
    [TestMethod]
    public void Ranks_are_counted_in_bins_that_grow()
    {
        CollectionAssert.AreEqual(
            new RankBin[] { new(0, 1, 2), new(1, 2, 1), new(2, 3, 0), new(3, 5, 1), new(5, 10, 0), new(10, 20, 1) },
            RankBin.Of([1, 1, 1.5, 4, 11]).ToArray());
        Assert.IsEmpty(RankBin.Of([]));
        Assert.AreEqual(new RankBin(2_000_000_000, int.MaxValue, 1), RankBin.Of([int.MaxValue])[^1]);
    }

    [TestMethod]
    public void Bins_up_to_k_hold_the_hits_at_k() => Prop.ForAll<(ushort Higher, byte Equal)[]>(pairs =>
    {
        EntityRank[] ranks = [.. pairs.Select(pair => new EntityRank(pair.Higher, pair.Equal, 100_000))];
        RankingMetrics metrics = RankingMetrics.Compute(ranks, RankType.Realistic, [1, 3, 5, 10, 200]);
        return metrics.Histogram.Sum(bin => bin.Count) == ranks.Length
            && (ranks.Length == 0 || metrics.HitsAt.All(hit => UpTo(hit.Key) == Math.Round(hit.Value * ranks.Length)));

        int UpTo(int k) => metrics.Histogram.Where(bin => bin.UpTo <= k).Sum(bin => bin.Count);
    }).QuickCheckThrowOnFailure();
}
