using System.Text;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Plots;
using ScottPlot;
using SkiaSharp;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class GmtPlotTests
{
    [TestMethod]
    public void Files_have_what_is_given_in_memory_and_nothing_else_is_left()
    {
        using var folder = new TemporaryFolder();
        GmtPlot plot = PlotSamples.Graph.PlotDegrees();
        folder.With("a.png", "an earlier file");
        plot.SavePng(folder["a.png"]);
        plot.SaveSvg(folder["new/a.svg"]);
        CollectionAssert.AreEqual(plot.ToPngBytes(), File.ReadAllBytes(folder["a.png"]));
        Assert.AreEqual(plot.ToSvg(), File.ReadAllText(folder["new/a.svg"], Encoding.UTF8));
        Assert.HasCount(2, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_plot_that_cannot_be_drawn_leaves_the_earlier_file()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.svg", "an earlier file");
        GmtPlot plot = PlotSamples.Graph.PlotDegrees();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => plot.SaveSvg(folder["a.svg"], width: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => plot.SavePng(folder["a.svg"], width: 2000, scale: 20));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => plot.ToPngBytes(scale: double.NaN));
        Assert.AreEqual("an earlier file", File.ReadAllText(folder["a.svg"]));
    }

    [TestMethod]
    public void Sizes_are_those_asked_for_and_scale_makes_letters_larger_too()
    {
        GmtPlot plot = PlotSamples.Graph.PlotDegrees();
        using var own = new Image(plot.ToPngBytes());
        using var print = new Image(plot.ToPngBytes(scale: 3));
        Assert.AreEqual((plot.Width, plot.Height), (own.Width, own.Height));
        Assert.AreEqual((3 * plot.Width, 3 * plot.Height), (print.Width, print.Height));
        Assert.AreEqual(1, plot.Plot.ScaleFactor, "as before");
        double ink = Ink(own), scaled = Ink(print);
        Assert.AreEqual(ink, scaled, 0.25 * ink, "lines as thin as before would leave a third of the ink");
        var svg = new SvgPicture(plot.ToSvg(300, 200));
        Assert.AreEqual((300, 200), (svg.Width, svg.Height));
    }

    [TestMethod]
    public void Dashes_are_in_the_svg_as_dashes_and_the_plot_keeps_its_lines()
    {
        GmtPlot plot = PlotSamples.Graph.PlotDegrees();
        SvgPicture svg = new(plot.ToSvg()), again = new(plot.ToSvg());
        Color[] colors = [.. PlotTheme.Light.Series.Take(3)];
        CollectionAssert.AreEqual(new[] { "", "10 10", "3 5" }, colors.Select(color => svg.DashesOf(color)[0]).ToArray());
        CollectionAssert.AreEqual(svg.DashesOf(colors[1]).ToArray(), again.DashesOf(colors[1]).ToArray());
        Assert.IsTrue(plot.Plot.GetPlottables<ScottPlot.Plottables.Scatter>().All(line => line.LineWidth == 2));
    }

    [TestMethod]
    public void Lists_of_positions_end_without_a_comma()
    {
        string svg = PlotSamples.Graph.PlotDegrees().ToSvg();
        Assert.DoesNotContain(", \"", svg);
        Assert.Contains("<text", svg);
    }

    [TestMethod]
    public void Names_of_any_letters_make_a_picture()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.Add("<A & \"B\">\u0001\n", "關係", "Москва Ωμέγα");
        KnowledgeGraph graph = builder.Build();
        GmtPlot plot = new[] { new Gmt.Memory.EdgeReading(graph.Triples(GraphSplit.Train)[0], 1) }.PlotAttention(graph);
        string row = new SvgPicture(plot.ToSvg()).Texts.Single(text => text.Contains("Москва", StringComparison.Ordinal));
        Assert.StartsWith("(<A & \"B\">", row);
        Assert.IsNotEmpty(plot.ToPngBytes());
    }

    [TestMethod]
    public void Letters_that_Roboto_lacks_are_set_in_a_font_of_the_system_where_one_has_them()
    {
        const string Arrow = "\u2192";
        var builder = new KnowledgeGraphBuilder();
        builder.Add($"a {Arrow} b", "r", "c");
        KnowledgeGraph graph = builder.Build();
        GmtPlot plot = new[] { new Gmt.Memory.EdgeReading(graph.Triples(GraphSplit.Train)[0], 1) }.PlotAttention(graph);
        bool isThere = SKFontManager.Default.FontFamilies.Any(family => SKTypeface.FromFamilyName(family).ContainsGlyphs(Arrow));
        string row = new SvgPicture(plot.ToSvg()).Texts.Single(text => text.StartsWith("(a ", StringComparison.Ordinal));
        Assert.AreEqual(isThere, row.Contains(Arrow, StringComparison.Ordinal), row);
    }

    private static double Ink(Image image)
    {
        byte[,] grays = image.GetArrayGrayscale();
        return grays.Cast<byte>().Average(gray => 255.0 - gray);
    }
}
