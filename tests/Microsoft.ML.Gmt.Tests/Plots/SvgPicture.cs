using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ScottPlot;

namespace Microsoft.ML.Gmt.Tests.Plots;

/// <summary>A picture as its SVG says it: texts, lines and shapes.</summary>
internal sealed partial class SvgPicture
{
    private readonly XElement _root;

    public SvgPicture(string svg) => _root = XDocument.Parse(svg).Root!;

    public int Width => int.Parse(_root.Attribute("width")!.Value, CultureInfo.InvariantCulture);

    public int Height => int.Parse(_root.Attribute("height")!.Value, CultureInfo.InvariantCulture);

    /// <summary>All texts, each with its spaces trimmed.</summary>
    public IReadOnlyList<string> Texts => [.. Elements("text").Select(text => text.Value.Trim())];

    /// <summary>The fonts that texts name.</summary>
    public IReadOnlyList<string> Fonts => [.. Elements("text").Select(text => text.Attribute("font-family")!.Value).Distinct()];

    /// <summary>The fill of what is drawn first.</summary>
    public string Background => HexOf(Elements("rect").First().Attribute("fill")!.Value);

    /// <summary>How many points the longest line of a color has.</summary>
    public int PointsOf(Color color) => Strokes(color).Select(path => Vertex().Count(path.Attribute("d")!.Value)).DefaultIfEmpty().Max();

    /// <summary>The dashes of the lines of a color; empty for solid ones.</summary>
    public IReadOnlyList<string> DashesOf(Color color) =>
        [.. Strokes(color).Select(path => path.Attribute("stroke-dasharray")?.Value ?? "").Distinct()];

    /// <summary>How many round markers of a color there are, that of the legend included.</summary>
    public int CirclesOf(Color color) => Elements("ellipse").Concat(Elements("circle")).Count(shape => Has(shape, "fill", color));

    /// <summary>How many filled rectangles of a color there are, bars and square markers, that of the legend included.</summary>
    public int RectanglesOf(Color color) => Elements("rect").Count(shape => Has(shape, "fill", color));

    private IEnumerable<XElement> Strokes(Color color) => Elements("path").Where(path => Has(path, "stroke", color));

    private IEnumerable<XElement> Elements(string name) => _root.Descendants().Where(element => element.Name.LocalName == name);

    private static bool Has(XElement element, string attribute, Color color) =>
        element.Attribute(attribute)?.Value is { } value && HexOf(value) == color.ToHex();

    // Skia writes a few colors by name.
    private static string HexOf(string color) => color switch
    {
        "white" => "#FFFFFF",
        "black" => "#000000",
        _ => color,
    };

    [GeneratedRegex("[ML]")]
    private static partial Regex Vertex();
}
