using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Puts an SVG picture into a page: with names of its own, and a title and a description for those who don't see it.</summary>
internal static partial class InlineSvg
{
    /// <summary>The element.</summary>
    /// <param name="svg">The document, as a plot gives it.</param>
    /// <param name="id">A name that no other picture of the page has.</param>
    /// <param name="shown">The class that says when it is shown.</param>
    /// <param name="title">What it is.</param>
    /// <param name="description">What it shows.</param>
    public static string Of(string svg, string id, string shown, string title, string description)
    {
        Match root = Root().Match(svg);
        if (!root.Success)
        {
            throw new FormatException("This is no SVG picture with a width and a height.");
        }

        string open = string.Create(
            CultureInfo.InvariantCulture,
            $"<svg class=\"{shown}\" role=\"img\" aria-labelledby=\"{id}-title {id}-text\" viewBox=\"0 0 {root.Groups[1].Value} "
            + $"{root.Groups[2].Value}\" width=\"{root.Groups[1].Value}\" height=\"{root.Groups[2].Value}\">"
            + $"<title id=\"{id}-title\">{HtmlText.Of(title)}</title><desc id=\"{id}-text\">{HtmlText.Of(description)}</desc>");

        // Several pictures of one page would take each other's clips.
        return open + Names().Replace(svg[(root.Index + root.Length)..].TrimEnd(), $"$1{id}-");
    }

    [GeneratedRegex("<svg [^>]*?width=\"([0-9.]+)\" height=\"([0-9.]+)\"[^>]*>")]
    private static partial Regex Root();

    [GeneratedRegex("( id=\"|url\\(#)")]
    private static partial Regex Names();
}
