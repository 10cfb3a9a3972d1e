using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Plots;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class VerdictPlotsTests
{
    private static readonly KnowledgeGraph Graph = PlotSamples.Graph;
    private static readonly Triple[] Facts = Graph.Triples(GraphSplit.Train)[..3].ToArray();

    [TestMethod]
    public void Attention_of_a_real_verdict_is_a_bar_for_each_edge()
    {
        VerdictExplanation why = PlotSamples.Get().Explanation;
        GmtPlot plot = why.PlotAttention(Graph);
        CollectionAssert.AreEqual(
            why.Edges.Select(edge => 100.0 * edge.Weight).ToArray(),
            plot.Plot.GetPlottables<BarPlot>().Single().Bars.Select(bar => bar.Value).ToArray());
        var svg = new SvgPicture(plot.ToSvg());
        foreach (EdgeReading edge in why.Edges)
        {
            Assert.Contains(Graph.TripleText(edge.Fact), svg.Texts);
        }

        Assert.AreEqual(why.Edges.Count, svg.RectanglesOf(PlotTheme.Light.Series[0]));
        Assert.Contains(Graph.TripleText(why.Triple), svg.Texts);
    }

    [TestMethod]
    public void Features_for_and_against_stand_apart_the_largest_effect_on_top()
    {
        var why = new VerdictExplanation(
            Facts[0], new Verdict(-0.1, -3), [new FeatureReading("Sales", 812.4f, 0.5), new FeatureReading("Age", float.NaN, -1.25)],
            [new PathReason("Own", 0.75, [])], []);
        GmtPlot plot = why.PlotFeatures(Graph);
        BarPlot[] bars = [.. plot.Plot.GetPlottables<BarPlot>()];
        CollectionAssert.AreEqual(
            new[] { (1.0, 0.75), (0, 0.5) }, bars[0].Bars.Select(bar => (bar.Position, bar.Value)).ToArray(), "for");
        CollectionAssert.AreEqual(new[] { (2.0, -1.25) }, bars[1].Bars.Select(bar => (bar.Position, bar.Value)).ToArray(), "against");
        IReadOnlyList<string> texts = new SvgPicture(plot.ToSvg()).Texts;
        foreach (string text in new[]
        {
            "Age = NaN", "Own (path model)", "Sales = 812.4", "-1.25", "+0.75", "+0.50", "Speaks for the triple", "Speaks against it",
            "held true, probability of being true 0.95",
        })
        {
            Assert.Contains(text, texts);
        }
    }

    [TestMethod]
    public void Paths_name_each_of_their_facts()
    {
        ExplainedPath[] paths =
        [
            new(0.4, [new ExplainedStep(Facts[0], true, 0.5), new ExplainedStep(Facts[1], false, 0.3)]),
            new(-0.1, [new ExplainedStep(Facts[2], true, -0.1)]),
        ];
        GmtPlot plot = paths.PlotPaths(Graph);
        IReadOnlyList<string> texts = new SvgPicture(plot.ToSvg()).Texts;
        foreach (string text in Facts.Select(Graph.TripleText).Concat(["0.400", "-0.100"]))
        {
            Assert.Contains(text, texts);
        }

        CollectionAssert.AreEqual(
            new[] { 0.4, -0.1 }, plot.Plot.GetPlottables<BarPlot>().SelectMany(bars => bars.Bars).Select(bar => bar.Value).ToArray());
    }

    [TestMethod]
    public void What_has_no_edge_feature_or_path_is_refused()
    {
        var why = new VerdictExplanation(Facts[0], new Verdict(-1, -1), [], [], []);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => why.PlotAttention(Graph)).Message, "no edge");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => why.PlotFeatures(Graph)).Message, "No feature");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Array.Empty<ExplainedPath>().PlotPaths(Graph)).Message, "no path");
    }

    [TestMethod]
    public void One_edge_is_one_bar_even_where_nothing_was_attended()
    {
        GmtPlot plot = new[] { new EdgeReading(Facts[0], 0) }.PlotAttention(Graph);
        Assert.Contains("0.0 %", new SvgPicture(plot.ToSvg()).Texts);
        Assert.IsNotEmpty(plot.ToPngBytes());
    }
}
