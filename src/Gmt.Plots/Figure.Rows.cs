using ScottPlot;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>Figures whose rows are things with names, the first on top.</summary>
internal sealed partial class Figure
{
    private const int LongestName = 64;

    /// <summary>The height that suits some rows.</summary>
    public static int HeightOf(int rows, int linesOfLabel = 1) => 150 + (rows * (10 + (16 * linesOfLabel)));

    /// <summary>A text on one line, cut off where it is too long.</summary>
    public static string Short(string text, int longest = LongestName)
    {
        string line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length <= longest ? line : $"{line[..(longest - (char.IsHighSurrogate(line[longest - 2]) ? 2 : 1))]}…";
    }

    /// <summary>What of rows could be counted.</summary>
    public static string RowsText(int rows, int without, string what) =>
        $"{Number(rows)} rows{(without == 0 ? "" : $", {Number(without)} without {what} left out")}";

    /// <summary>Names the rows on the left.</summary>
    /// <returns>The height of each on the vertical axis.</returns>
    public double[] SetRows(IReadOnlyList<string> names)
    {
        double[] heights = [.. names.Select((_, i) => (double)(names.Count - 1 - i))];
        SetTicks(Plot.Axes.Left, [.. heights.Zip(names)]);
        Plot.Axes.SetLimitsY(-0.7, names.Count - 0.3);
        Plot.Grid.YAxisStyle.IsVisible = false;
        return heights;
    }

    /// <summary>Adds a lying bar for each row, those below 0 as a series of their own.</summary>
    /// <param name="rows">Name, length and the length in words.</param>
    /// <param name="above">What bars above 0 are called in the legend; null for no legend.</param>
    /// <param name="below">What bars below 0 are called.</param>
    public void AddRowBars(IReadOnlyList<(string Name, double Length, string Text)> rows, string? above, string? below)
    {
        double[] heights = SetRows([.. rows.Select(row => row.Name)]);
        for (int style = 0; style < 2; style++)
        {
            (double Position, double Length)[] bars =
                [.. rows.Select((row, i) => (heights[i], row.Length)).Where(bar => bar.Length < 0 == (style == 1))];
            if (bars.Length > 0)
            {
                AddBars(bars, style == 0 ? above : below, style, 0.7, isHorizontal: true);
            }
        }

        for (int i = 0; i < rows.Count; i++)
        {
            bool isBelow = rows[i].Length < 0;
            ScottPlot.Plottables.Text text = Plot.Add.Text(rows[i].Text, rows[i].Length, heights[i]);
            Set(text.LabelStyle, rows[i].Text, TickSize);
            (text.Alignment, text.OffsetX) = isBelow ? (Alignment.MiddleRight, -5) : (Alignment.MiddleLeft, 5);
        }

        double least = Math.Min(0, rows.Min(row => row.Length)), most = Math.Max(0, rows.Max(row => row.Length));
        most = most > least ? most : 1;
        double room = 0.15 * (most - least);
        Plot.Axes.SetLimitsX(least < 0 ? least - room : 0, most > 0 ? most + room : 0);
    }
}
