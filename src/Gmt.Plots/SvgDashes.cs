using System.Globalization;
using System.Text.RegularExpressions;
using ScottPlot;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>
/// Dashed lines in SVG. SkiaSharp would draw each dash as a line of its own, and complain of it on the error stream: so lines are drawn
/// solid, in widths that no other line has, by which they are found in the text and get their dashes.
/// </summary>
internal sealed partial class SvgDashes : IDisposable
{
    // A fraction that a Single holds exactly and that nobody sees.
    private const float Step = 1f / 1024, Tolerance = Step / 8;

    private readonly double _scale;
    private readonly (IHasLine Line, float Width, LinePattern Pattern)[] _lines;

    /// <summary>Makes the dashed lines of a plot solid.</summary>
    /// <param name="plot">The plot; <see cref="Dispose"/> gives its lines their dashes back.</param>
    public SvgDashes(Plot plot)
    {
        _scale = plot.ScaleFactor;
        _lines =
        [
            .. plot.GetPlottables().OfType<IHasLine>().Where(line => line.LinePattern.Intervals.Length > 0)
                .Select(line => (line, line.LineWidth, line.LinePattern)),
        ];
        for (int i = 0; i < _lines.Length; i++)
        {
            (_lines[i].Line.LineWidth, _lines[i].Line.LinePattern) = (DrawnWidth(i), LinePattern.Solid);
        }
    }

    /// <summary>Puts the dashes into what was drawn.</summary>
    public string AddTo(string svg) => StrokeWidth().Replace(svg, match =>
    {
        double width = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        int found = Array.FindIndex([.. _lines.Select((_, i) => DrawnWidth(i) * _scale)], drawn => Math.Abs(drawn - width) < Tolerance);
        return found < 0 ? match.Value
            : $"stroke-width=\"{Number(_lines[found].Width)}\" "
                + $"stroke-dasharray=\"{string.Join(' ', _lines[found].Pattern.Intervals.Select(Number))}\"";
    });

    public void Dispose()
    {
        foreach ((IHasLine line, float width, LinePattern pattern) in _lines)
        {
            (line.LineWidth, line.LinePattern) = (width, pattern);
        }
    }

    private string Number(float length) => (length * _scale).ToString(CultureInfo.InvariantCulture);

    private float DrawnWidth(int line) => _lines[line].Width + ((line + 1) * Step);

    [GeneratedRegex("stroke-width=\"([0-9.]+)\"")]
    private static partial Regex StrokeWidth();
}
