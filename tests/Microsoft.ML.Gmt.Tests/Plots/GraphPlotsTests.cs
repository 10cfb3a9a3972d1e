using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Plots;
using ScottPlot;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class GraphPlotsTests
{
    [TestMethod]
    public void Shares_of_entities_fall_with_the_degree()
    {
        // a stands in ten training triples, ten tails in one each, and b11 in none.
        var builder = new KnowledgeGraphBuilder();
        builder.Add("a", "r", "b0", GraphSplit.Test);
        builder.Add("a", "r", "b11", GraphSplit.Test);
        for (int i = 0; i < 10; i++)
        {
            builder.Add("a", "r", $"b{i}");
        }

        GmtPlot plot = builder.Build().PlotDegrees();
        Scatter[] lines = [.. plot.Plot.GetPlottables<Scatter>()];
        AssertPoints(lines[0], (0, Math.Log10(11.0 / 12)), (1, Math.Log10(1.0 / 12)));
        AssertPoints(lines[1], (1, Math.Log10(1.0 / 12)));
        AssertPoints(lines[2], (0, Math.Log10(10.0 / 12)));
        IReadOnlyList<string> texts = new SvgPicture(plot.ToSvg()).Texts;
        foreach (string text in new[]
        {
            "Degrees of 12 entities in 10 training triples", "1 of them without a triple", "1", "10", "100 %", "Head or tail",
        })
        {
            Assert.Contains(text, texts);
        }
    }

    [TestMethod]
    public void A_point_for_each_degree_of_a_real_graph()
    {
        DegreeDistribution degrees = DegreeDistribution.Of(PlotSamples.Graph);
        GmtPlot plot = PlotSamples.Graph.PlotDegrees();
        IReadOnlyList<DegreeCount>[] series = [degrees.Total, degrees.AsHead, degrees.AsTail];
        CollectionAssert.AreEqual(
            series.Select(counts => counts.Count(count => count.Degree > 0)).ToArray(),
            plot.Plot.GetPlottables<Scatter>().Select(line => line.Data.GetScatterPoints().Count).ToArray());
    }

    [TestMethod]
    public void One_triple_makes_points_and_none_is_refused()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.Add("a", "r", "b");
        Assert.AreEqual(2, new SvgPicture(builder.Build().PlotDegrees().ToSvg()).CirclesOf(PlotTheme.Light.Series[0]), "with the legend");
        ArgumentException none = Assert.ThrowsExactly<ArgumentException>(() => new KnowledgeGraphBuilder().Build().PlotDegrees());
        StringAssert.Contains(none.Message, "no training triple");
    }

    private static void AssertPoints(Scatter line, params (double X, double Y)[] expected)
    {
        Coordinates[] points = [.. line.Data.GetScatterPoints()];
        Assert.HasCount(expected.Length, points);
        for (int i = 0; i < points.Length; i++)
        {
            Assert.AreEqual(expected[i].X, points[i].X, 1e-12);
            Assert.AreEqual(expected[i].Y, points[i].Y, 1e-12);
        }
    }
}
