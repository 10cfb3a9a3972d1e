using ScottPlot;
using SkiaSharp;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>The font of all plots: Roboto, which is in this assembly, so that text is there on machines without any font.</summary>
/// <remarks>
/// Servers and containers often have none, and SkiaSharp's Linux library without dependencies then draws no text at all. A text with
/// letters that Roboto lacks, such as Chinese ones, is set in a font of the system that has most of them.
/// </remarks>
internal static class PlotFont
{
    // The name is ours alone: what else draws by ScottPlot keeps its fonts.
    private const string Name = "Gmt.MLNet.Plots Roboto";

    private static readonly SKTypeface Typeface = Load();

    /// <summary>ScottPlot's name of the font to set some text in.</summary>
    /// <param name="text">Everything that has to be set in one font.</param>
    public static string For(string text)
    {
        string letters = string.Concat(text.Where(letter => !char.IsControl(letter)));
        return Typeface.ContainsGlyphs(letters) ? Name : new[] { Name }.Concat(SystemFamilies()).MaxBy(family => Found(family, letters))!;
    }

    // Not ScottPlot's own search: it asks SkiaSharp which font has a letter, which the library without dependencies never knows.
    private static IEnumerable<string> SystemFamilies() =>
        SKFontManager.Default.FontFamilies.OrderByDescending(family => family.Contains("Sans", StringComparison.Ordinal))
            .ThenBy(family => family, StringComparer.Ordinal);

    private static int Found(string family, string letters)
    {
        if (family == Name)
        {
            return Typeface.GetGlyphs(letters).Count(glyph => glyph != 0);
        }

        // Not disposed: SkiaSharp gives one object to all who ask for a family.
        return SKTypeface.FromFamilyName(family)?.GetGlyphs(letters).Count(glyph => glyph != 0) ?? 0;
    }

    private static SKTypeface Load()
    {
        using Stream file = typeof(PlotFont).Assembly.GetManifestResourceStream("Roboto-Regular.ttf")!;
        SKTypeface typeface = SKTypeface.FromStream(file);
        Fonts.FontResolvers.Add(new Resolver(typeface));
        return typeface;
    }

    private sealed class Resolver(SKTypeface typeface) : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Name ? typeface : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? typeface : null;
    }
}
