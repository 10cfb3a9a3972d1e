using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class WilsonIntervalTests
{
    // From the formula, by hand and by statsmodels' proportion_confint(…, method="wilson").
    [TestMethod]
    [DataRow(0, 10, 0.0, 0.277533)]
    [DataRow(5, 10, 0.236593, 0.763407)]
    [DataRow(10, 10, 0.722467, 1.0)]
    [DataRow(81, 263, 0.255289, 0.366210)]
    public void It_is_that_of_the_formula(int hits, int rows, double low, double high)
    {
        ConfidenceInterval interval = WilsonInterval.Of(hits, rows)!.Value;
        Assert.AreEqual(low, interval.Low, 1e-5);
        Assert.AreEqual(high, interval.High, 1e-5);
    }

    [TestMethod]
    public void It_holds_the_share_lies_within_zero_and_one_and_is_the_mirror_of_the_misses() =>
        Prop.ForAll(Gen.Choose(1, 100_000).SelectMany(rows => Gen.Choose(0, rows).Select(hits => (hits, rows))).ToArbitrary(), pair =>
        {
            ConfidenceInterval of = WilsonInterval.Of(pair.hits, pair.rows)!.Value;
            ConfidenceInterval misses = WilsonInterval.Of(pair.rows - pair.hits, pair.rows)!.Value;
            double share = (double)pair.hits / pair.rows;
            return of.Low >= 0 && of.Low <= share && share <= of.High && of.High <= 1 && Math.Abs(of.Low - (1 - misses.High)) < 1e-12;
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Without_a_row_there_is_none() => Assert.IsNull(WilsonInterval.Of(0, 0));
}
