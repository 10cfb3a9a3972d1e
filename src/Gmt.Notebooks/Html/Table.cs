using System.Globalization;
using System.Net;
using System.Text;

namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>Tables in HTML, whose cells are escaped.</summary>
internal static class Table
{
    /// <summary>A table of two columns: what is measured, and the figure.</summary>
    /// <param name="caption">What stands above it.</param>
    /// <param name="rows">Its rows.</param>
    public static string Of(string caption, params IEnumerable<(string Name, string Value)> rows) =>
        Of(caption, [], rows.Select(row => new[] { row.Name, row.Value }));

    /// <summary>A table with a head.</summary>
    /// <param name="caption">What stands above it.</param>
    /// <param name="head">The columns' names; none for a table without.</param>
    /// <param name="rows">Its rows; of each the first cell is its name.</param>
    public static string Of(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var html = new StringBuilder("<table>").Append("<caption>").Append(Escape(caption)).Append("</caption>");
        if (head.Count > 0)
        {
            html.Append("<thead><tr>").AppendJoin("", head.Select(cell => $"<th>{Escape(cell)}</th>")).Append("</tr></thead>");
        }

        html.Append("<tbody>");
        foreach (IReadOnlyList<string> row in rows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Escape(row[0])}</th>")
                .AppendJoin("", row.Skip(1).Select(cell => $"<td>{Escape(cell)}</td>")).Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>A text that HTML takes for text.</summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A whole number.</summary>
    /// <param name="number">The number.</param>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A figure between 0 and 1, say, with three digits; a dash for one that is not defined.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="format">Another format.</param>
    public static string Figure(double? figure, string format = "0.000") =>
        figure is not { } number || double.IsNaN(number) ? "–" : number.ToString(format, CultureInfo.InvariantCulture);
}
