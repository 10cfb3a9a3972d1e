using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class BootstrapIntervalTests
{
    [TestMethod]
    public void Of_a_mean_it_is_that_of_the_normal_distribution()
    {
        CounterRandom random = new RandomStreams(7).Stream("rows");
        double[] rows = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        double mean = rows.Average(), deviation = Math.Sqrt(rows.Average(row => (row - mean) * (row - mean)));
        ConfidenceInterval interval = BootstrapInterval.Of(rows.Length, drawn => drawn.Average(row => rows[row]), random.Next)!.Value;
        double half = 1.96 * deviation / Math.Sqrt(rows.Length);
        Assert.AreEqual(mean - half, interval.Low, half / 5);
        Assert.AreEqual(mean + half, interval.High, half / 5);
    }

    [TestMethod]
    public void It_holds_the_mean_of_other_rows_as_often_as_it_says()
    {
        const int Rounds = 200;
        CounterRandom random = new RandomStreams(3).Stream("rounds");
        int held = Enumerable.Range(0, Rounds).Count(_ =>
        {
            double[] rows = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble() < 0.3 ? 1.0 : 0)];
            ConfidenceInterval interval = BootstrapInterval.Of(rows.Length, drawn => drawn.Average(row => rows[row]), random.Next)!.Value;
            return interval.Low <= 0.3 && 0.3 <= interval.High;
        });
        Assert.IsGreaterThan(0.88 * Rounds, held);
        Assert.IsLessThan(Rounds, held, "and not always");
    }

    [TestMethod]
    public void Where_most_draws_have_no_figure_there_is_none()
    {
        CounterRandom random = new RandomStreams(1).Stream("rows");
        Assert.IsNull(BootstrapInterval.Of(3, _ => double.NaN, random.Next));
        Assert.IsNull(BootstrapInterval.Of(0, _ => 1, random.Next));
        Assert.AreEqual(
            new ConfidenceInterval(5, 5),
            BootstrapInterval.Of(2, drawn => drawn[0] == 1 && drawn[1] == 1 ? double.NaN : 5, random.Next), "a quarter have none");
    }
}
