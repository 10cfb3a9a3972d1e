using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class ChanceFiguresTests
{
    private static readonly int[] Candidates = [1, 2, 4, 7];

    [TestMethod]
    public void Mean_and_variance_are_those_over_all_possible_ranks()
    {
        RankingMetrics[] possible = [.. Combinations(0).Select(ranks => RankingMetrics.Compute(
            ranks.Zip(Candidates, (rank, candidates) => EntityRank.FromRanks(rank, rank, candidates)), RankType.Realistic, [1, 3, 9]))];
        Assert.HasCount(1 * 2 * 4 * 7, possible);
        ChanceFigures chance = ChanceFigures.Of([.. Candidates.Select(candidates => new EntityRank(0, 0, candidates))], [1, 3, 9]);
        AssertMoments(chance.MeanRank, [.. possible.Select(metrics => metrics.MeanRank)]);
        AssertMoments(chance.ReciprocalRank, [.. possible.Select(metrics => metrics.MeanReciprocalRank)]);
        AssertMoments(chance.GeometricMeanRank, [.. possible.Select(metrics => metrics.GeometricMeanRank)]);
        foreach (int k in new[] { 1, 3, 9 })
        {
            AssertMoments(chance.HitsAt[k], [.. possible.Select(metrics => metrics.HitsAt[k])]);
        }

        // So every adjusted figure is 0 on average, and every z has variance 1.
        AssertMoments(new(0, 1), [.. possible.Select(metrics => metrics.ZMeanRank)]);
        AssertMoments(new(0, 1), [.. possible.Select(metrics => metrics.ZGeometricMeanRank)]);
        AssertMoments(new(0, 1), [.. possible.Select(metrics => metrics.ZMeanReciprocalRank)]);
        AssertMoments(new(0, 1), [.. possible.Select(metrics => metrics.ZHitsAt[3])]);
        Assert.AreEqual(1, possible.Average(metrics => metrics.AdjustedMeanRank), 1e-12);
        Assert.AreEqual(0, possible.Average(metrics => metrics.AdjustedGeometricMeanRankIndex), 1e-12);
        Assert.AreEqual(0, possible.Average(metrics => metrics.AdjustedMeanReciprocalRank), 1e-12);
        Assert.AreEqual(0, possible.Average(metrics => metrics.AdjustedHitsAt[1]), 1e-12);
    }

    [TestMethod]
    public void Where_nothing_else_is_possible_there_is_nothing_to_adjust()
    {
        RankingMetrics metrics = RankingMetrics.Compute([new EntityRank(0, 0, 1), new EntityRank(0, 0, 1)], RankType.Realistic);
        Assert.AreEqual(1, metrics.MeanReciprocalRank);
        string[] adjusted = ["adjusted_arithmetic_mean_rank_index", "z_arithmetic_mean_rank", "z_geometric_mean_rank", "z_hits_at_3"];
        foreach (string name in adjusted)
        {
            Assert.AreEqual(double.NaN, metrics.ToDictionary()[name], name);
        }

        IReadOnlyDictionary<string, double> none = RankingMetrics.Compute([], RankType.Realistic).ToDictionary();
        Assert.AreEqual(0, none["count"]);
        Assert.IsTrue(none.Where(figure => figure.Key != "count").All(figure => double.IsNaN(figure.Value)));
    }

    private static IEnumerable<int[]> Combinations(int from) => from == Candidates.Length
        ? [[]]
        : Enumerable.Range(1, Candidates[from]).SelectMany(rank => Combinations(from + 1).Select(rest => (int[])[rank, .. rest]));

    private static void AssertMoments(ChanceFigure expected, double[] values)
    {
        double mean = values.Average();
        Assert.AreEqual(mean, expected.Mean, 1e-12);
        Assert.AreEqual(values.Average(value => (value - mean) * (value - mean)), expected.Variance, 1e-12);
    }
}
