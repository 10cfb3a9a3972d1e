using ScottPlot;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>The colors of a plot: for paper, or for a dark screen.</summary>
/// <remarks>
/// Series have colors of Okabe and Ito's palette, which people with any color vision tell apart
/// (https://jfly.uni-koeln.de/color/), those of them that stand out from the background by a contrast of at least 3 as WCAG 2.1 defines
/// it; text stands out by more than 7. Series differ in the pattern of their lines, and in their markers or filling too, so that a print
/// in black and white can be read.
/// </remarks>
public sealed class PlotTheme
{
    private PlotTheme(string background, string text, string grid, params string[] series) =>
        (Background, Text, Grid, Series) =
        (Color.FromHex(background), Color.FromHex(text), Color.FromHex(grid), [.. series.Select(Color.FromHex)]);

    /// <summary>Black and colors on white; the default.</summary>
    public static PlotTheme Light { get; } =
        new("#FFFFFF", "#1A1A1A", "#D9D9D9", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000");

    /// <summary>Light colors on nearly black.</summary>
    public static PlotTheme Dark { get; } =
        new("#121212", "#EDEDED", "#3D3D3D", "#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442");

    /// <summary>What everything stands on.</summary>
    public Color Background { get; }

    /// <summary>Text, axes, and lines that are no series.</summary>
    public Color Text { get; }

    /// <summary>The grid behind the data.</summary>
    public Color Grid { get; }

    /// <summary>The colors of series, in their order; with more series they begin again.</summary>
    public IReadOnlyList<Color> Series { get; }
}
