using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>Reads a ranked list of entities out of generated text, by the reference's rules.</summary>
internal static class RankedText
{
    /// <summary>
    /// An item without surrounding white space, list markers (blanks, hyphens, asterisks, digits, full stops, closing brackets, colons) and
    /// quotes, in lower case. A name of digits alone becomes empty.
    /// </summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> rest = PythonText.Strip(text);
        while (rest.Length > 0 && IsListMarker(rest[0]))
        {
            rest = rest[1..];
        }

        return PythonText.Lower(PythonText.Strip(rest).Trim('"').Trim('\'').ToString());
    }

    /// <summary>The items of a text, split on line ends, semicolons and commas; normalized, each once, in order.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var items = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string part in PythonText.SplitLines(text).SelectMany(line => line.Split(';', ',')))
        {
            if (PythonText.Strip(part).Length > 0 && Normalize(part) is var item && seen.Add(item))
            {
                items.Add(item);
            }
        }

        return items;
    }

    /// <summary>
    /// The candidates that items name, in the items' order, each once: the candidate equal to the item after normalisation, else the first
    /// whose normalized text the item contains. Items that name none are dropped; without candidates the items are returned.
    /// </summary>
    public static IReadOnlyList<string> MapToCandidates(IReadOnlyList<string> items, IReadOnlyList<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            return items;
        }

        // Of candidates that are equal after normalisation the last spelling wins, at the place of the first.
        var order = new List<string>();
        var spelling = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string candidate in candidates)
        {
            string normalized = Normalize(candidate);
            if (!spelling.ContainsKey(normalized))
            {
                order.Add(normalized);
            }

            spelling[normalized] = candidate;
        }

        var mapped = new List<string>();
        foreach (string item in items)
        {
            string? key = spelling.ContainsKey(item)
                ? item
                : order.Find(name => name.Length > 0 && item.Contains(name, StringComparison.Ordinal));
            if (key is not null && !mapped.Contains(spelling[key]))
            {
                mapped.Add(spelling[key]);
            }
        }

        return mapped;
    }

    private static bool IsListMarker(char c) =>
        c is '-' or '*' or '.' or ')' or ':' || PythonText.IsSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber;
}
