using System.Collections;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Unicode's normal forms, the same in every host.</summary>
/// <remarks>
/// .NET's own need ICU: under <c>InvariantGlobalization</c>, as in the <c>gmt</c> command and in small containers, they return texts as
/// they are, so that a name written on another system would be another name, and a tokenizer would give other ids.
/// </remarks>
internal static class NormalForm
{
    // Hangul syllables are composed by arithmetic (The Unicode Standard, 3.12).
    private const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, BeforeTrail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    private static readonly Dictionary<NormalizationForm, Lazy<BitArray>> Unsettled = new[]
    {
        NormalizationForm.FormC, NormalizationForm.FormD, NormalizationForm.FormKC, NormalizationForm.FormKD,
    }.ToDictionary(form => form, form => new Lazy<BitArray>(() => FindUnsettled(form)));

    /// <summary>A text in a normal form; halves of surrogate pairs become U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="form">
    /// Whether characters are composed (NFC, NFKC) or decomposed (NFD, NFKD), and whether what differs in looks only is made the same as
    /// well (NFKC, NFKD): full width, ligatures, raised digits.
    /// </param>
    public static string Of(string text, NormalizationForm form) =>
        Ascii.IsValid(text) || IsSettled(text, Unsettled[form].Value) ? text : Rewrite(text, form);

    /// <summary>Whether every character stays what it is whatever stands beside it.</summary>
    private static bool IsSettled(string text, BitArray unsettled)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != System.Buffers.OperationStatus.Done
                || (rune.Value < unsettled.Length && unsettled[rune.Value]))
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <summary>The characters that a form changes, or that may be reordered or composed beside others.</summary>
    private static BitArray FindUnsettled(NormalizationForm form)
    {
        NormalFormTable table = NormalFormTable.Shared;
        var found = new BitArray(table.Last + 1);
        foreach (int point in table.Points)
        {
            string text = char.ConvertFromUtf32(point);
            found[point] = table.CombiningClass(point) > 0 || table.IsSecond(point) || Rewrite(text, form) != text;
        }

        // Hangul: what follows a leading consonant; decomposed, every syllable.
        bool isDecomposed = form is NormalizationForm.FormD or NormalizationForm.FormKD;
        foreach (int point in Enumerable.Range(FirstVowel, Vowels).Concat(Enumerable.Range(BeforeTrail, Trails))
            .Concat(Enumerable.Range(FirstSyllable, isDecomposed ? Syllables : 0)))
        {
            found[point] = true;
        }

        return found;
    }

    private static string Rewrite(string text, NormalizationForm form)
    {
        NormalFormTable table = NormalFormTable.Shared;
        List<int> points = [];
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(table, rune.Value, form is NormalizationForm.FormKC or NormalizationForm.FormKD, points);
        }

        Order(table, points);
        if (form is NormalizationForm.FormC or NormalizationForm.FormKC)
        {
            Compose(table, points);
        }

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
