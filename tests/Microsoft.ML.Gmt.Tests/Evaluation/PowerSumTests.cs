using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class PowerSumTests
{
    [TestMethod]
    [DataRow(-2)]
    [DataRow(-1)]
    [DataRow(-0.5)]
    [DataRow(0)]
    [DataRow(1e-5)]
    [DataRow(2e-3)]
    [DataRow(0.7)]
    [DataRow(1)]
    [DataRow(2)]
    public void Sums_equal_those_added_term_by_term(double power)
    {
        var sum = new PowerSum(power);
        (double expected, double lost) = (0, 0);
        for (int n = 1; n <= 200_000; n++)
        {
            // Kahan's sum, for the small terms at the end.
            double term = Math.Pow(n, power) - lost, next = expected + term;
            (expected, lost) = (next, next - expected - term);
            if (n < 300 || n % 9_973 == 0)
            {
                Assert.AreEqual(1, sum.Of(n) / expected, 2e-14, $"{n} terms");
            }
        }

        Assert.AreEqual(0, sum.Of(0));
    }
}
