using System.Collections;
using System.Globalization;
using Spectre.Console;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Writes reports for people.</summary>
internal static class ReportWriter
{
    private const string Indent = "  ";

    /// <summary>Writes reports one after another.</summary>
    public static void Write(Terminal terminal, params IReadOnlyList<Report> reports)
    {
        for (int i = 0; i < reports.Count; i++)
        {
            if (i > 0)
            {
                terminal.Output.WriteLine();
            }

            Write(terminal, reports[i]);
        }
    }

    private static void Write(Terminal terminal, Report report)
    {
        IAnsiConsole canvas = terminal.Canvas();
        canvas.WriteLine(report.Title, new Style(decoration: Decoration.Bold));
        int width = report.Facts.Select(fact => fact.Name.Length).DefaultIfEmpty().Max();
        foreach ((string name, object? value) in report.Facts)
        {
            string[] lines = Show(value).ReplaceLineEndings("\n").Split('\n');
            string margin = "\n" + new string(' ', width + (2 * Indent.Length));
            terminal.Output.WriteLine($"{Indent}{name.PadRight(width)}{Indent}{string.Join(margin, lines)}".TrimEnd());
        }

        foreach (ReportTable table in report.Tables)
        {
            terminal.Output.WriteLine();
            terminal.Output.WriteLine(table.Title);
            string[][] cells = [.. table.Rows.Select(row => row.Select(Show).ToArray())];
            bool[] isNumeric =
                [.. table.Columns.Select((_, column) => table.Rows.All(row => row[column] is null or int or long or double or ByteSize))];
            if (terminal.IsOutputTerminal)
            {
                Draw(canvas, table, cells, isNumeric);
            }
            else
            {
                Align(terminal.Output, table, cells, isNumeric);
            }
        }
    }

    /// <summary>A frame, for a window.</summary>
    private static void Draw(IAnsiConsole canvas, ReportTable table, string[][] cells, bool[] isNumeric)
    {
        Table drawn = new() { Border = TableBorder.Rounded };
        for (int column = 0; column < table.Columns.Count; column++)
        {
            drawn.AddColumn(new TableColumn(new Spectre.Console.Text(table.Columns[column]))
            {
                Alignment = isNumeric[column] ? Justify.Right : Justify.Left,
            });
        }

        foreach (string[] row in cells)
        {
            drawn.AddRow(row.Select(cell => new Spectre.Console.Text(cell)));
        }

        canvas.Write(drawn);
    }

    /// <summary>Columns two blanks apart, for files and pipes.</summary>
    private static void Align(TextWriter output, ReportTable table, string[][] cells, bool[] isNumeric)
    {
        string[][] rows = [[.. table.Columns], .. cells];
        int[] widths = [.. table.Columns.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            IEnumerable<string> padded = row.Select(
                (cell, column) => isNumeric[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine((Indent + string.Join(Indent, padded)).TrimEnd());
        }
    }

    /// <summary>A value as people read it.</summary>
    public static string Show(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "yes" : "no",
        int or long => ((IFormattable)value).ToString("#,0", CultureInfo.InvariantCulture),
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IEnumerable items => string.Join(
            ", ",
            items.Cast<object?>().Select(item => item is int or long ? Convert.ToString(item, CultureInfo.InvariantCulture) : Show(item))),
        _ => $"{value}",
    };
}
