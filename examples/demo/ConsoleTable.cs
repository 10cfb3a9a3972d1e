namespace Examples.Demo;

/// <summary>A small table of text: the first columns to the left, figures to the right.</summary>
internal sealed class ConsoleTable(params string[] titles)
{
    private readonly List<string[]> _rows = [titles];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(string caption, int leftColumns)
    {
        int[] widths = [.. titles.Select((_, column) => _rows.Max(row => row[column].Length))];
        string Line(string[] row) => string.Join(
            "  ", row.Select((cell, column) => column < leftColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
        Console.WriteLine($"\n{caption}\n");
        Console.WriteLine($"  {Line(_rows[0])}");
        Console.WriteLine($"  {string.Join("  ", widths.Select(width => new string('-', width)))}");
        foreach (string[] row in _rows.Skip(1))
        {
            Console.WriteLine($"  {Line(row)}".TrimEnd());
        }
    }
}
