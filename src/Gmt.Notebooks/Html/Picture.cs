using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Plots;

namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>Pictures in HTML.</summary>
internal static class Picture
{
    /// <summary>A plot.</summary>
    /// <param name="plot">The plot.</param>
    public static string Of(GmtPlot plot) => Of(plot.ToSvg(), plot.Width, plot.Height, plot.Plot.Axes.Title.Label.Text);

    /// <summary>
    /// An SVG in an image of its own: the identifiers in it would be taken for those of other pictures if it stood in the page itself.
    /// </summary>
    /// <param name="svg">The picture.</param>
    /// <param name="width">Its width, in pixels of a screen.</param>
    /// <param name="height">Its height.</param>
    /// <param name="text">What it shows, for who does not see it.</param>
    public static string Of(string svg, int width, int height, string text) => string.Create(
        CultureInfo.InvariantCulture,
        $"<img alt=\"{Table.Escape(text)}\" width=\"{width}\" height=\"{height}\" style=\"max-width: 100%; height: auto\" "
        + $"src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">");
}
