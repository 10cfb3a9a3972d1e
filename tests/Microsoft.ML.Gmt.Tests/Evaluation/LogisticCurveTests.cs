using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class LogisticCurveTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [TestMethod]
    public void No_other_curve_with_a_slope_of_0_or_more_has_less_loss() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            (double X, bool Label)[] rows = Rows(random);
            var prior = new LogisticCurve(random.NextDouble() * 2, (random.NextDouble() * 4) - 2);
            double strength = Math.Pow(10, (random.NextDouble() * 3) - 2);
            LogisticCurve fitted = LogisticCurve.Fit(rows, prior, strength);
            Assert.IsGreaterThanOrEqualTo(0, fitted.Slope);
            double least = Loss(rows, prior, strength, fitted);

            // The loss is convex: where no neighbor has less, nothing has.
            for (int i = 0; i < 40; i++)
            {
                double step = Math.Pow(10, -1 - (random.NextDouble() * 4));
                var other = new LogisticCurve(
                    Math.Max(0, fitted.Slope + (step * ((random.NextDouble() * 2) - 1))),
                    fitted.Intercept + (step * ((random.NextDouble() * 2) - 1)));
                Assert.IsGreaterThanOrEqualTo(least - (1e-9 * Math.Max(1, least)), Loss(rows, prior, strength, other));
            }
        }));

    [TestMethod]
    public void Without_rows_it_is_the_prior() =>
        Assert.AreEqual(new LogisticCurve(1, -0.5), LogisticCurve.Fit([], new LogisticCurve(1, -0.5), 1));

    [TestMethod]
    public void Many_rows_give_back_the_curve_that_labeled_them()
    {
        var random = new Random(3);
        var truth = new LogisticCurve(1.7, 0.6);
        (double X, bool Label)[] rows =
        [
            .. Enumerable.Range(0, 200_000).Select(_ => (random.NextDouble() * 6) - 3)
                .Select(x => (x, random.NextDouble() < 1 / (1 + Math.Exp(-truth.LogOdds(x))))),
        ];
        LogisticCurve fitted = LogisticCurve.Fit(rows, new LogisticCurve(1, 0), 1);
        Assert.AreEqual(truth.Slope, fitted.Slope, 0.03);
        Assert.AreEqual(truth.Intercept, fitted.Intercept, 0.03);
    }

    [TestMethod]
    public void Scores_that_speak_against_the_label_say_nothing()
    {
        (double X, bool Label)[] rows = [.. Enumerable.Range(0, 300).Select(i => (i / 100.0, i < 100))];
        LogisticCurve fitted = LogisticCurve.Fit(rows, new LogisticCurve(1, 0), 0.1);
        Assert.AreEqual(0, fitted.Slope);
        Assert.AreEqual(double.PositiveInfinity, fitted.Threshold, "two thirds are false");
        Assert.IsLessThan(0, fitted.LogOdds(1e6));
    }

    [TestMethod]
    public void Beyond_the_threshold_true_is_likelier()
    {
        var curve = new LogisticCurve(2, -3);
        Assert.AreEqual(1.5, curve.Threshold);
        Assert.IsGreaterThan(0, curve.LogOdds(1.5001));
        Assert.IsLessThan(0, curve.LogOdds(1.4999));
        Assert.AreEqual(double.NegativeInfinity, new LogisticCurve(0, 0.1).Threshold);
    }

    private static (double X, bool Label)[] Rows(Random random)
    {
        double slope = (random.NextDouble() * 6) - 2;
        return
        [
            .. Enumerable.Range(0, random.Next(60)).Select(_ => (random.NextDouble() * 8) - 4)
                .Select(x => (x, random.NextDouble() < 1 / (1 + Math.Exp(-slope * x)))),
        ];
    }

    private static double Loss((double X, bool Label)[] rows, LogisticCurve prior, double strength, LogisticCurve curve) =>
        rows.Sum(row => Math.Log(1 + Math.Exp(row.Label ? -curve.LogOdds(row.X) : curve.LogOdds(row.X))))
        + (strength / 2 * (Math.Pow(curve.Slope - prior.Slope, 2) + Math.Pow(curve.Intercept - prior.Intercept, 2)));
}
