using System.Collections;
using System.Globalization;
using System.Net;
using System.Text;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Text and values as HTML.</summary>
internal static class HtmlText
{
    /// <summary>Text, for content and for attributes in double quotes.</summary>
    public static string Of(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A value of a report: numbers with all their digits for programs, lists as lists.</summary>
    public static string OfValue(object? value) => value switch
    {
        int or long => Number(value, Convert.ToString(value, CultureInfo.InvariantCulture)!),
        double number when double.IsFinite(number) => Number(value, number.ToString("R", CultureInfo.InvariantCulture)),
        double => "none",
        IEnumerable items and not string => List(items),
        _ => Of(ReportWriter.Show(value)),
    };

    private static string Number(object value, string digits) => $"<data value=\"{digits}\">{Of(ReportWriter.Show(value))}</data>";

    private static string List(IEnumerable items)
    {
        var list = new StringBuilder();
        foreach (object? item in items)
        {
            list.Append(CultureInfo.InvariantCulture, $"<li>{OfValue(item)}</li>");
        }

        return list.Length == 0 ? "none" : $"<ul>{list}</ul>";
    }
}
