namespace Microsoft.ML.Gmt.Tests;

/// <summary>The tables of docs/options.md.</summary>
internal static class OptionsPage
{
    /// <summary>The rows of the table below a heading, without head and rule.</summary>
    public static string[] Rows(string heading)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Goldens.RepositoryRoot, "docs", "options.md"));
        int start = Array.IndexOf(lines, $"## {heading}");
        Assert.IsGreaterThanOrEqualTo(0, start, $"docs/options.md has no heading '{heading}'");
        return [.. lines.Skip(start + 1).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)];
    }
}
