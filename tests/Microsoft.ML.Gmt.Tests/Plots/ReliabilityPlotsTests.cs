using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Plots;
using ScottPlot;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class ReliabilityPlotsTests
{
    [TestMethod]
    public void Bins_with_rows_are_points_and_bars()
    {
        GmtPlot plot = Calibration.Of([(0.05, false), (0.55, true), (0.55, false), (0.97, true), (double.NaN, true)]).PlotReliability();
        Coordinates[] points = [.. plot.Plot.GetPlottables<Scatter>().Single().Data.GetScatterPoints()];
        double[][] expected = [[0.05, 0], [0.55, 0.5], [0.97, 1]];
        Assert.HasCount(3, points);
        for (int i = 0; i < points.Length; i++)
        {
            Assert.AreEqual(expected[i][0], points[i].X, 1e-12);
            Assert.AreEqual(expected[i][1], points[i].Y, 1e-12);
        }

        CollectionAssert.AreEqual(new[] { 1.0, 2, 1 }, plot.Plot.GetPlottables<BarPlot>().Single().Bars.Select(bar => bar.Value).ToArray());
        var svg = new SvgPicture(plot.ToSvg());
        Assert.AreEqual(3, svg.PointsOf(PlotTheme.Light.Series[0]));
        Assert.AreEqual(4, svg.CirclesOf(PlotTheme.Light.Series[0]), "with that of the legend");
        Assert.Contains("4 rows, 1 without probability left out", svg.Texts);
        Assert.Contains("Reliability: expected calibration error 4.5 %", svg.Texts);
        Assert.Contains("Rows (count)", svg.Texts);
    }

    [TestMethod]
    public void One_row_is_a_point_and_none_is_refused()
    {
        var svg = new SvgPicture(Calibration.Of([(0.3, true)]).PlotReliability().ToSvg());
        Assert.AreEqual(2, svg.CirclesOf(PlotTheme.Light.Series[0]));
        ArgumentException none =
            Assert.ThrowsExactly<ArgumentException>(() => Calibration.Of([(double.NaN, true)]).PlotReliability());
        StringAssert.Contains(none.Message, "no row with a probability; 1 rows are without");
    }
}
