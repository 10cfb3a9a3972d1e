using System.Globalization;
using System.Reflection;
using System.Text;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>A page of sections that needs nothing beside itself: no file, no script, no network.</summary>
/// <param name="title">What it is about.</param>
/// <param name="summary">The same in a sentence.</param>
internal sealed class HtmlPage(string title, string summary)
{
    private const string StyleSheet = "report.css";

    private readonly List<HtmlSection> _sections = [];

    /// <summary>Adds a section.</summary>
    public HtmlSection Section(string heading)
    {
        var section = new HtmlSection($"s{_sections.Count + 1}", heading);
        _sections.Add(section);
        return section;
    }

    /// <summary>The document.</summary>
    public override string ToString()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{HtmlText.Of(title)}</title>
            <style>
            {Style()}
            </style>
            </head>
            <body>
            <header>
            <h1>{HtmlText.Of(title)}</h1>
            <p>{HtmlText.Of(summary)}</p>
            </header>
            <nav aria-label="Sections">
            <ul>

            """);
        foreach (HtmlSection section in _sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{section.Id}\">{HtmlText.Of(section.Heading)}</a></li>\n");
        }

        page.Append("</ul>\n</nav>\n<main>\n");
        _sections.ForEach(section => page.Append(section));
        return page.Append("</main>\n</body>\n</html>\n").Replace("\r\n", "\n").ToString();
    }

    private static string Style()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(StyleSheet)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
