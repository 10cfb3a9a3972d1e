using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Unicode's normal forms NFC and NFKC, the same in every host.</summary>
/// <remarks>
/// .NET's own need ICU: under <c>InvariantGlobalization</c>, as in the <c>gmt</c> command and in small containers, they return texts as
/// they are, so that a name written on another system would be another name.
/// </remarks>
internal static class NormalForm
{
    // Hangul syllables are composed by arithmetic (The Unicode Standard, 3.12).
    private const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, BeforeTrail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    // Below it, no character decomposes canonically together with its neighbors, or composes.
    private const char FirstThatMayChange = '\u0300';

    /// <summary>A text in NFC, or in NFKC; halves of surrogate pairs become U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="compatible">
    /// Whether what differs in looks only is made the same as well (NFKC): full width, ligatures, raised digits.
    /// </param>
    public static string Of(string text, bool compatible)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', compatible ? '\u007F' : (char)(FirstThatMayChange - 1)))
        {
            return text;
        }

        NormalFormTable table = NormalFormTable.Shared;
        List<int> points = [];
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(table, rune.Value, compatible, points);
        }

        Order(table, points);
        Compose(table, points);
        var written = new StringBuilder(points.Count);
        foreach (int point in points)
        {
            written.Append(new Rune(point));
        }

        return written.ToString();
    }

    private static void Decompose(NormalFormTable table, int point, bool compatible, List<int> into)
    {
        int syllable = point - FirstSyllable;
        if ((uint)syllable < Syllables)
        {
            into.Add(FirstLead + (syllable / (Vowels * Trails)));
            into.Add(FirstVowel + (syllable % (Vowels * Trails) / Trails));
            if (syllable % Trails > 0)
            {
                into.Add(BeforeTrail + (syllable % Trails));
            }

            return;
        }

        if (table.Decomposition(point, compatible) is not { } parts)
        {
            into.Add(point);
            return;
        }

        foreach (int part in parts)
        {
            Decompose(table, part, compatible, into);
        }
    }

    /// <summary>Puts the marks of each character in the order of their classes; those of one class stay as they are.</summary>
    private static void Order(NormalFormTable table, List<int> points)
    {
        for (int i = 1; i < points.Count; i++)
        {
            int point = points[i], its = table.CombiningClass(point), at = i;
            for (; its > 0 && at > 0 && table.CombiningClass(points[at - 1]) > its; at--)
            {
                points[at] = points[at - 1];
            }

            points[at] = point;
        }
    }

    private static void Compose(NormalFormTable table, List<int> points)
    {
        int starter = -1, count = 0, before = 0;
        foreach (int point in points.ToArray())
        {
            int its = table.CombiningClass(point);
            bool isBlocked = starter >= 0 && starter < count - 1 && before >= its;
            if (starter >= 0 && !isBlocked && Pair(table, points[starter], point) is { } whole)
            {
                points[starter] = whole;
                continue;
            }

            (starter, before) = its == 0 ? (count, 0) : (starter, its);
            points[count++] = point;
        }

        points.RemoveRange(count, points.Count - count);
    }

    private static int? Pair(NormalFormTable table, int first, int second)
    {
        int lead = first - FirstLead, vowel = second - FirstVowel;
        if ((uint)lead < Leads && (uint)vowel < Vowels)
        {
            return FirstSyllable + (((lead * Vowels) + vowel) * Trails);
        }

        int syllable = first - FirstSyllable, trail = second - BeforeTrail;
        bool isSyllable = (uint)syllable < Syllables && syllable % Trails == 0 && trail is > 0 and < Trails;
        return isSyllable ? first + trail : table.Whole(first, second);
    }
}
