using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class BinomialTestTests
{
    [TestMethod]
    public void Is_the_sum_of_exact_fractions()
    {
        var cases = Gen.Choose(1, 400).SelectMany(trials => Gen.Choose(0, trials).SelectMany(
            failures => Gen.Choose(1, 99).Select(percent => (failures, trials, percent))));
        Prop.ForAll(Arb.From(cases), at =>
        {
            double exact = Exact(at.failures, at.trials, at.percent);
            return Math.Abs(BinomialTest.PValue(at.failures, at.trials, at.percent / 100.0) - exact) <= 1e-11 * Math.Max(exact, 1e-290);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>The rule of three's exact form, and the next rows of its table (Hahn and Meeker 1991, one-sided 95 % limits).</summary>
    [TestMethod]
    [DataRow(0, 0.05, 0.05, 59)]
    [DataRow(1, 0.05, 0.05, 93)]
    [DataRow(2, 0.05, 0.05, 124)]
    [DataRow(0, 0.01, 0.05, 299)]
    [DataRow(0, 0.1, 0.05, 29)]
    [DataRow(0, 0.05, 0.01, 90)]
    public void Says_how_many_trials_are_needed(int failures, double rate, double significance, int expected)
    {
        Assert.AreEqual(expected, BinomialTest.TrialsNeeded(failures, rate, significance));
        Assert.IsLessThanOrEqualTo(significance, BinomialTest.PValue(failures, expected, rate));
        Assert.IsGreaterThan(significance, BinomialTest.PValue(failures, expected - 1, rate));
    }

    [TestMethod]
    public void Does_not_underflow_with_many_trials()
    {
        // The normal approximation with continuity correction: (4,900.5 - 5,000) / √4,750 = -1.4437, whose tail is 0.0744.
        Assert.AreEqual(0.0744, BinomialTest.PValue(4_900, 100_000, 0.05), 1e-3);
        Assert.AreEqual(1, BinomialTest.PValue(100_000, 100_000, 0.05));
        Assert.AreEqual(int.MaxValue, BinomialTest.TrialsNeeded(0, 1e-12, 0.05));
    }

    // Σ C(n, k) p^k (100 - p)^(n - k) / 100^n in whole numbers.
    private static double Exact(int failures, int trials, int percent)
    {
        BigInteger sum = 0, ways = 1;
        for (int k = 0; k <= failures; k++)
        {
            sum += ways * BigInteger.Pow(percent, k) * BigInteger.Pow(100 - percent, trials - k);
            ways = ways * (trials - k) / (k + 1);
        }

        return Math.Exp(BigInteger.Log(sum) - BigInteger.Log(BigInteger.Pow(100, trials)));
    }
}
