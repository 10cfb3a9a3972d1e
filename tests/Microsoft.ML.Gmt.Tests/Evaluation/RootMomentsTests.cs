using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class RootMomentsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(0.5)]
    [DataRow(0.01)]
    [DataRow(1e-5)]
    public void Moments_equal_those_of_all_ranks(double exponent)
    {
        var moments = new RootMoments(exponent);
        foreach (int n in new[] { 1, 2, 63, 64, 65, 100, 2_000, 50_000 })
        {
            // By the definition, in a type with digits to spare.
            decimal[] roots = [.. Enumerable.Range(1, n).Select(r => (decimal)RootMoments.ExpMinusOne(exponent * Math.Log(r)))];
            decimal mean = roots.Average(), variance = roots.Average(root => (root - mean) * (root - mean));
            double expected = (double)variance / (1 + (double)mean) / (1 + (double)mean);
            (double logMean, double logSpread) = moments.Of(n);
            Assert.AreEqual((double)mean, RootMoments.ExpMinusOne(logMean), 1e-12 * (double)mean, $"mean of {n}");
            Assert.AreEqual(expected, RootMoments.ExpMinusOne(logSpread), 1e-9 * expected, $"variance of {n}");
        }
    }

    [TestMethod]
    public void Roots_of_very_high_degree_tend_to_logarithms()
    {
        const double Exponent = 1e-9;
        const int N = 10_000;
        double[] logarithms = [.. Enumerable.Range(1, N).Select(r => Math.Log(r))];
        double mean = logarithms.Average(), variance = logarithms.Average(logarithm => (logarithm - mean) * (logarithm - mean));
        (double logMean, double logSpread) = new RootMoments(Exponent).Of(N);
        Assert.AreEqual(mean, logMean / Exponent, 1e-6);
        Assert.AreEqual(variance, logSpread / Exponent / Exponent, 1e-6);
    }
}
