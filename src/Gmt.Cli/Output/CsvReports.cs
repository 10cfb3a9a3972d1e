using System.Collections;
using System.Globalization;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>
/// Reports as one table of comma-separated values, quoted as in RFC 4180, lines ending with a line feed: a row for the facts of each
/// report, then one for each row of its tables; a column for each name that occurs, empty where a row has no such value.
/// </summary>
internal static class CsvReports
{
    /// <summary>What the column <c>table</c> says of a report's facts.</summary>
    public const string Facts = "figures";

    /// <summary>Writes them.</summary>
    public static void Write(TextWriter output, IReadOnlyList<Report> reports)
    {
        (string Name, object? Value)[][] rows = [.. reports.SelectMany(Rows)];
        string[] columns = [.. rows.SelectMany(row => row.Select(cell => cell.Name)).Distinct()];
        output.Write(Line(columns));
        foreach ((string Name, object? Value)[] row in rows)
        {
            Dictionary<string, object?> cells = row.DistinctBy(cell => cell.Name).ToDictionary(cell => cell.Name, cell => cell.Value);
            output.Write(Line(columns.Select(column => Text(cells.GetValueOrDefault(column)))));
        }
    }

    private static IEnumerable<(string Name, object? Value)[]> Rows(Report report)
    {
        if (report.Subject.Count + report.Facts.Count > 0)
        {
            yield return Row(
                report, Facts,
                report.Subject.Where(item => item.Value is not null).Concat(report.Facts.SelectMany(JsonReports.WithParts)));
        }

        foreach (ReportTable table in report.Tables)
        {
            foreach (IReadOnlyList<object?> row in table.Rows)
            {
                yield return Row(report, table.Title, table.Columns.Zip(row).SelectMany(JsonReports.WithParts));
            }
        }
    }

    private static (string Name, object? Value)[] Row(Report report, string table, IEnumerable<(string Name, object? Value)> cells) =>
        [("report", report.Title), ("table", table), .. cells.SelectMany(cell => Flat(JsonReports.Key(cell.Name), cell.Value))];

    private static IEnumerable<(string Name, object? Value)> Flat(string name, object? value) => value is IReportParts parts
        ? parts.Parts.SelectMany(part => Flat($"{name}_{JsonReports.Key(part.Name)}", part.Value))
        : [(name, value)];

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        double number when !double.IsFinite(number) => "",
        ByteSize size => size.Bytes.ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => string.Join("; ", items.Cast<object?>().Select(item => item is IReportParts ? $"{item}" : Text(item))),
        _ => $"{value}",
    };

    private static string Line(IEnumerable<string> cells) =>
        string.Join(',', cells.Select(cell => DelimitedWriter.Quoted(cell, ','))) + "\n";
}
