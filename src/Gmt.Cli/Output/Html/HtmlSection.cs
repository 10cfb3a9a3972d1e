using System.Globalization;
using System.Text;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>A section of a page: paragraphs, tables and pictures.</summary>
internal sealed class HtmlSection(string id, string heading)
{
    private readonly StringBuilder _content = new();
    private int _parts;

    /// <summary>By what the page leads to it.</summary>
    public string Id => id;

    /// <summary>Its heading.</summary>
    public string Heading => heading;

    /// <summary>Adds a paragraph.</summary>
    public HtmlSection Paragraph(string text)
    {
        _content.Append(CultureInfo.InvariantCulture, $"<p>{HtmlText.Of(text)}</p>\n");
        return this;
    }

    /// <summary>Adds the facts of a report as a table, and then its tables.</summary>
    /// <param name="report">The report.</param>
    /// <param name="caption">What it is about; null for its title.</param>
    /// <param name="intervals">Intervals of figures by their names, in a column of their own; null for none.</param>
    public HtmlSection Report(Report report, string? caption = null, IReadOnlyDictionary<string, string>? intervals = null)
    {
        if (report.Facts.Count > 0)
        {
            string[] columns = intervals is null ? ["what", "value"] : ["what", "value", "95 % interval"];
            Table(new ReportTable(caption ?? report.Title, columns,
            [
                .. report.Facts.Select(fact => intervals is null ? [fact.Name, fact.Value]
                    : (object?[])[fact.Name, fact.Value, intervals.GetValueOrDefault(fact.Name, "")]),
            ]));
        }

        report.Tables.ForEach(table => Table(table));
        return this;
    }

    /// <summary>Adds a table; its first column names its rows.</summary>
    public HtmlSection Table(ReportTable table)
    {
        if (table.Rows.Count == 0)
        {
            return this;
        }

        // What is wider than the screen is scrolled, with the keyboard as well.
        string caption = $"{id}-{++_parts}";
        _content
            .Append(CultureInfo.InvariantCulture, $"<div class=\"wide\" role=\"region\" aria-labelledby=\"{caption}\" tabindex=\"0\">\n")
            .Append(CultureInfo.InvariantCulture, $"<table>\n<caption id=\"{caption}\">{HtmlText.Of(table.Title)}</caption>\n<thead><tr>");
        bool[] isNumeric =
            [.. table.Columns.Select((_, column) => table.Rows.All(row => row[column] is null or int or long or double or ByteSize))];
        for (int column = 0; column < table.Columns.Count; column++)
        {
            _content.Append(
                CultureInfo.InvariantCulture, $"<th scope=\"col\"{Class(column)}>{HtmlText.Of(table.Columns[column])}</th>");
        }

        _content.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<object?> row in table.Rows)
        {
            _content.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\"{Class(0)}>{HtmlText.OfValue(row[0])}</th>");
            for (int column = 1; column < row.Count; column++)
            {
                _content.Append(CultureInfo.InvariantCulture, $"<td{Class(column)}>{HtmlText.OfValue(row[column])}</td>");
            }

            _content.Append("</tr>\n");
        }

        _content.Append("</tbody>\n</table>\n</div>\n");
        return this;

        string Class(int column) => isNumeric[column] ? " class=\"number\"" : "";
    }

    /// <summary>Adds a picture, for a light and for a dark screen.</summary>
    /// <param name="title">What it is.</param>
    /// <param name="description">What it shows, for those who don't see it.</param>
    /// <param name="light">The picture as SVG, on white.</param>
    /// <param name="dark">The same on black.</param>
    public HtmlSection Picture(string title, string description, string light, string dark)
    {
        string name = $"{id}-{++_parts}";
        _content.Append("<figure>\n")
            .Append(InlineSvg.Of(light, $"{name}-light", "light", title, description)).Append('\n')
            .Append(InlineSvg.Of(dark, $"{name}-dark", "dark", title, description)).Append("\n<figcaption>")
            .Append(HtmlText.Of($"{title}. {description}")).Append("</figcaption>\n</figure>\n");
        return this;
    }

    /// <summary>The element.</summary>
    public override string ToString() =>
        $"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{HtmlText.Of(heading)}</h2>\n{_content}</section>\n";
}
