using Microsoft.ML.Gmt.Plots;
using ScottPlot;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class PlotThemeTests
{
    // Okabe and Ito 2008; black may be the text's color.
    private static readonly string[] OkabeIto =
        ["#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"];

    public static IEnumerable<object[]> Themes => [[PlotTheme.Light], [PlotTheme.Dark]];

    [TestMethod]
    public void Contrast_is_measured_as_WCAG_defines_it()
    {
        Assert.AreEqual(21, Contrast(Colors.Black, Colors.White), 1e-9);
        Assert.AreEqual(4.54, Contrast(Color.FromHex("#767676"), Colors.White), 0.005);
    }

    [TestMethod]
    [DynamicData(nameof(Themes))]
    public void Text_and_series_stand_out_from_the_background(PlotTheme theme)
    {
        Assert.IsGreaterThan(7, Contrast(theme.Text, theme.Background), "text");
        foreach (Color series in theme.Series)
        {
            Assert.IsGreaterThanOrEqualTo(3, Contrast(series, theme.Background), series.ToHex());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Themes))]
    public void Series_have_colors_of_the_palette_each_its_own(PlotTheme theme)
    {
        string[] colors = [.. theme.Series.Select(color => color.ToHex().ToUpperInvariant())];
        CollectionAssert.AllItemsAreUnique(colors);
        CollectionAssert.IsSubsetOf(colors, OkabeIto);
    }

    private static double Contrast(Color one, Color other)
    {
        double[] luminances = [.. new[] { Luminance(one), Luminance(other) }.Order()];
        return (luminances[1] + 0.05) / (luminances[0] + 0.05);
    }

    /// <summary>Relative luminance: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance.</summary>
    private static double Luminance(Color color)
    {
        return (0.2126 * Linear(color.R)) + (0.7152 * Linear(color.G)) + (0.0722 * Linear(color.B));

        static double Linear(byte part) =>
            part / 255.0 is var share && share <= 0.03928 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
