using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>Makes SkiaSharp's SVG what all viewers read, and the same each time.</summary>
internal static partial class SvgText
{
    /// <summary>
    /// Ends lists of positions without a comma, as the grammar wants it, names fonts for viewers without ours, and numbers clips from 1:
    /// SkiaSharp counts them over the process.
    /// </summary>
    public static string Clean(string svg)
    {
        Dictionary<string, int> clips = [];
        string text = PositionList().Replace(svg, " $1=\"$2\"");
        text = FontFamily().Replace(text, "font-family=\"$1, Arial, Helvetica, sans-serif\"");
        return Clip().Replace(text, match =>
        {
            clips.TryAdd(match.Groups[2].Value, clips.Count + 1);
            return string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].Value}clip{clips[match.Groups[2].Value]}");
        });
    }

    [GeneratedRegex(" ([xy])=\"([^\"]*), \"")]
    private static partial Regex PositionList();

    [GeneratedRegex("font-family=\"([^\"]+)\"")]
    private static partial Regex FontFamily();

    [GeneratedRegex("(<clipPath id=\"|clip-path=\"url\\(#)(cl_[0-9a-f]+)")]
    private static partial Regex Clip();
}
