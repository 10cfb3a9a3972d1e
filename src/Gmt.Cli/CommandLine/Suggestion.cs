namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Finds what a misspelt name may have meant.</summary>
internal static class Suggestion
{
    /// <summary>"; did you mean …?" with up to three names that are near; empty where none is.</summary>
    /// <param name="written">The name as it was typed.</param>
    /// <param name="names">The names there are.</param>
    public static string For(string written, IEnumerable<string> names)
    {
        string[] near = Near(written, names);
        return near.Length == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?";
    }

    /// <summary>Up to three names that are near, nearest first: at most one edit for every three letters.</summary>
    public static string[] Near(string written, IEnumerable<string> names)
    {
        int farthest = Math.Max(1, written.Length / 3);
        string typed = written.ToUpperInvariant();
        return
        [
            .. names.Where(name => Math.Abs(name.Length - written.Length) <= farthest)
                .Select(name => (Name: name, Distance: Distance(typed, name.ToUpperInvariant(), farthest)))
                .Where(pair => pair.Distance <= farthest)
                .OrderBy(pair => pair.Distance).ThenBy(pair => pair.Name, StringComparer.Ordinal)
                .Take(3).Select(pair => pair.Name),
        ];
    }

    /// <summary>
    /// Letters inserted, deleted, replaced or swapped with their neighbor (optimal string alignment); anything above the limit once it is passed.
    /// </summary>
    private static int Distance(string a, string b, int limit)
    {
        int[] beforeLast = [], last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            if (row.Min() > limit)
            {
                return limit + 1;
            }

            (beforeLast, last) = (last, row);
        }

        return last[^1];
    }
}
