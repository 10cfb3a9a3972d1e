namespace Lessons;

/// <summary>
/// A lesson as it is written: a C# program of one file that <c>dotnet run</c> runs, with cell marks in comments, as jupytext's percent
/// format has them. <c>// %% [markdown]</c> begins a cell of text, whose lines are comments; <c>// %%</c> begins one of code.
/// </summary>
/// <param name="Cells">The cells.</param>
internal sealed record Lesson(IReadOnlyList<Cell> Cells)
{
    private const string Mark = "// %%", MarkdownMark = "// %% [markdown]";

    /// <summary>Reads a lesson.</summary>
    /// <param name="source">The program.</param>
    /// <exception cref="FormatException">A mark is unknown, or a line is not what its cell may hold; the message names it.</exception>
    public static Lesson Parse(string source)
    {
        var cells = new List<(bool IsMarkdown, List<string> Lines)>();
        foreach ((int index, string line) in source.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).Index())
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                Require(line is Mark or MarkdownMark, index, line, $"is no cell mark; those are '{Mark}' and '{MarkdownMark}'");
                cells.Add((line == MarkdownMark, []));
            }
            else if (cells.Count == 0)
            {
                Require(line.Length == 0, index, line, $"stands before the first cell; begin with '{MarkdownMark}' or '{Mark}'");
            }
            else
            {
                cells[^1].Lines.Add(cells[^1].IsMarkdown ? TextOf(index, line) : line);
            }
        }

        return new Lesson([.. cells.Select(cell => new Cell(cell.IsMarkdown, Trimmed(cell.Lines))).Where(cell => cell.Lines.Count > 0)]);
    }

    private static string TextOf(int index, string line)
    {
        Require(
            line is "" or "//" || line.StartsWith("// ", StringComparison.Ordinal), index, line,
            $"stands in a cell of text; begin it with '// ', or put '{Mark}' above it");
        return line.Length > 3 ? line[3..] : "";
    }

    private static List<string> Trimmed(List<string> lines)
    {
        int first = lines.FindIndex(line => line.Length > 0), last = lines.FindLastIndex(line => line.Length > 0);
        return first < 0 ? [] : lines[first..(last + 1)];
    }

    private static void Require(bool isRight, int index, string line, string fault)
    {
        if (!isRight)
        {
            throw new FormatException($"Line {index + 1}: '{line}' {fault}.");
        }
    }
}
