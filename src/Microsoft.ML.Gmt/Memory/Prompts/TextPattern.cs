using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Text with placeholders in braces, <c>{head}</c> say; <c>{{</c> and <c>}}</c> stand for braces. Values are put in as they are: braces in
/// them mean nothing.
/// </summary>
internal static class TextPattern
{
    /// <summary>Returns a pattern if it is well formed and has known placeholders only.</summary>
    /// <exception cref="ArgumentException">It is not, or has not.</exception>
    public static string Checked([NotNull] string? pattern, IReadOnlyCollection<string> placeholders, string parameter)
    {
        ArgumentNullException.ThrowIfNull(pattern, parameter);
        foreach ((Range _, Range placeholder) in Parts(pattern, parameter))
        {
            string name = pattern[placeholder];
            if (!placeholder.Equals(default) && !placeholders.Contains(name))
            {
                string known = string.Join(", ", placeholders.Select(each => $"{{{each}}}"));
                throw new ArgumentException(
                    $"'{{{name}}}' in the text pattern is no placeholder; there are {known}. Write {{{{ and }}}} for braces.", parameter);
            }
        }

        return pattern;
    }

    /// <summary>The pattern with values in the places of its placeholders.</summary>
    /// <param name="pattern">A pattern that <see cref="Checked"/> has passed.</param>
    /// <param name="valueOf">The value of a placeholder.</param>
    public static string Render(string pattern, Func<string, string> valueOf)
    {
        var text = new StringBuilder(pattern.Length);
        foreach ((Range literal, Range placeholder) in Parts(pattern, nameof(pattern)))
        {
            text.Append(pattern.AsSpan()[literal]);
            if (!placeholder.Equals(default))
            {
                text.Append(valueOf(pattern[placeholder]));
            }
        }

        return text.ToString();
    }

    /// <summary>Stretches of plain text, each followed by a placeholder, or by none (the default range).</summary>
    private static IEnumerable<(Range Literal, Range Placeholder)> Parts(string pattern, string parameter)
    {
        int start = 0;
        for (int at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] is not ('{' or '}'))
            {
                continue;
            }

            if (at + 1 < pattern.Length && pattern[at + 1] == pattern[at])
            {
                yield return (start..++at, default);
                start = at + 1;
                continue;
            }

            int end = pattern[at] == '{' ? pattern.AsSpan(at + 1).IndexOfAny('{', '}') + at + 1 : -1;
            if (end <= at || pattern[end] != '}')
            {
                string place = $"The brace at character {at + 1} of the text pattern '{Shorten(pattern)}'";
                throw new ArgumentException($"{place} has no counterpart. Write {{{{ and }}}} for braces.", parameter);
            }

            yield return (start..at, (at + 1)..end);
            (at, start) = (end, end + 1);
        }

        yield return (start..pattern.Length, default);
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
