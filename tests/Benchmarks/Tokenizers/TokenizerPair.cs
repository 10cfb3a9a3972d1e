using Microsoft.ML.Gmt.Text;

namespace Benchmarks;

/// <summary>A tokenizer of this library, and ML.NET's own classes in its place.</summary>
/// <param name="Name">Which model's it is.</param>
/// <param name="Kind">What stands for it, in words.</param>
/// <param name="Ours">Ours.</param>
/// <param name="Encode">A text's ids, special tokens around the text left out.</param>
/// <param name="Decode">The text of ids, special tokens left out.</param>
internal sealed record TokenizerPair(
    string Name, string Kind, TextTokenizer Ours, Func<string, IReadOnlyList<int>> Encode, Func<IEnumerable<int>, string> Decode)
{
    /// <summary>What differs for a text: the ids, or the text that they give back; null where all is the same.</summary>
    public string? DifferenceOn(string text)
    {
        IReadOnlyList<int> ours = Ours.Encode(text, addSpecialTokens: false);
        return Try(() => Encode(text) is var theirs && ours.SequenceEqual(theirs) ? DifferenceOn(ours)
            : $"ids {Show(ours)}; ML.NET's {Show(theirs)}");
    }

    /// <summary>What differs for ids: the text that they give; null where it is the same.</summary>
    public string? DifferenceOn(IReadOnlyList<int> ids)
    {
        string ours = Ours.Decode(ids);
        return Try(() => Decode(ids) is var theirs && ours == theirs ? null : $"text '{ours}'; ML.NET's '{theirs}'");
    }

    /// <summary>The smallest part of a text, its characters in order, that differs still.</summary>
    public string Shrink(string text)
    {
        for (int length = text.Length / 2; length > 0; length = Math.Min(length / 2, text.Length))
        {
            for (int start = 0; start + length <= text.Length;)
            {
                string shorter = text.Remove(start, length);
                if (DifferenceOn(shorter) is null)
                {
                    start += length;
                }
                else
                {
                    text = shorter;
                }
            }
        }

        return text;
    }

    private static string? Try(Func<string?> compare)
    {
        try
        {
            return compare();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return $"ML.NET's: {error.GetType().Name}: {error.Message}";
        }
    }

    private string Show(IReadOnlyList<int> ids) =>
        string.Join(' ', ids.Take(12).Select(id => $"{id}:{Ours.TokenOf(id)}")) + (ids.Count > 12 ? $" … ({ids.Count})" : "");
}
