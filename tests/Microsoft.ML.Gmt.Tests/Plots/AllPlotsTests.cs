using Microsoft.ML.Gmt.Plots;
using ScottPlot;

namespace Microsoft.ML.Gmt.Tests.Plots;

/// <summary>Every plot, of what real runs give, in both themes and both formats.</summary>
[TestClass]
public sealed class AllPlotsTests
{
    public static IEnumerable<object[]> Kinds => PlotSamples.Plots.Keys.Select(kind => new object[] { kind });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Themes_differ_and_say_the_same(string kind)
    {
        Func<PlotTheme, GmtPlot> plot = PlotSamples.Plots[kind];
        SvgPicture light = new(plot(PlotTheme.Light).ToSvg()), dark = new(plot(PlotTheme.Dark).ToSvg());
        Assert.AreEqual(PlotTheme.Light.Background.ToHex(), light.Background);
        Assert.AreEqual(PlotTheme.Dark.Background.ToHex(), dark.Background);
        CollectionAssert.AreEqual(light.Texts.ToArray(), dark.Texts.ToArray());
        CollectionAssert.AreEqual(new[] { "Roboto, Arial, Helvetica, sans-serif" }, light.Fonts.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void A_png_has_the_size_and_the_background_that_were_asked_for(string kind)
    {
        foreach (PlotTheme theme in new[] { PlotTheme.Light, PlotTheme.Dark })
        {
            GmtPlot plot = PlotSamples.Plots[kind](theme);
            using var image = new Image(plot.ToPngBytes(500, 400));
            Assert.AreEqual((500, 400), (image.Width, image.Height));
            (byte R, byte G, byte B)[] colors = [.. Pixels(image.GetArrayRGB())];
            Assert.AreEqual(Parts(theme.Background), colors[0]);
            Assert.Contains(Parts(theme.Series[0]), colors, "the first series");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Axes_have_labels_that_say_what_they_count(string kind)
    {
        GmtPlot plot = PlotSamples.Plots[kind](PlotTheme.Light);
        IReadOnlyList<string> texts = new SvgPicture(plot.ToSvg()).Texts;
        string[] labels = [plot.Plot.Axes.Bottom.Label.Text, plot.Plot.Axes.Left.Label.Text];
        bool namesRows = kind is "hits by relation" or "attention" or "features" or "paths";
        foreach (string label in labels.Take(namesRows ? 1 : 2))
        {
            Assert.IsGreaterThan(5, label.Length);
            Assert.Contains(label, texts, string.Join('\n', texts));
        }
    }

    private static (byte R, byte G, byte B) Parts(Color color) => (color.R, color.G, color.B);

    private static IEnumerable<(byte R, byte G, byte B)> Pixels(byte[,,] colors)
    {
        for (int y = 0; y < colors.GetLength(0); y++)
        {
            for (int x = 0; x < colors.GetLength(1); x++)
            {
                yield return (colors[y, x, 0], colors[y, x, 1], colors[y, x, 2]);
            }
        }
    }
}
