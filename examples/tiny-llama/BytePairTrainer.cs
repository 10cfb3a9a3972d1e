using System.Text;
using System.Text.RegularExpressions;

namespace Examples.TinyLlama;

/// <summary>
/// Learns a byte-level byte-pair encoding (Sennrich et al. 2016): begin with the 256 bytes, and again and again make the most frequent
/// pair of neighbors one token. Of equally frequent pairs the one of the lowest ids wins, so the result depends on the texts alone.
/// </summary>
internal sealed partial class BytePairTrainer
{
    private const int LeastFrequency = 2;

    private readonly List<byte[]> _tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
    private readonly List<(int Left, int Right)> _merges = [];
    private readonly Dictionary<(int Left, int Right), long> _pairs = [];
    private readonly List<(int[] Symbols, long Count)> _words;

    private BytePairTrainer(IEnumerable<string> texts)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            foreach (Match word in Words().Matches(text))
            {
                counts[word.Value] = counts.GetValueOrDefault(word.Value) + 1;
            }
        }

        _words = [.. counts.Select(word => (Encoding.UTF8.GetBytes(word.Key).Select(value => (int)value).ToArray(), word.Value))];
        foreach ((int[] symbols, long count) in _words)
        {
            Count(symbols, count);
        }
    }

    /// <summary>Learns from texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="vocabularySize">How many tokens, the 256 bytes included, at most: it stops where no pair occurs twice.</param>
    /// <returns>The bytes of each token, and for each token after the 256th the two that it consists of.</returns>
    public static (IReadOnlyList<byte[]> Tokens, IReadOnlyList<(int Left, int Right)> Merges) Train(
        IEnumerable<string> texts, int vocabularySize)
    {
        BytePairTrainer trainer = new(texts);
        while (trainer._tokens.Count < vocabularySize && trainer.Step())
        {
        }

        return (trainer._tokens, trainer._merges);
    }

    private bool Step()
    {
        ((int Left, int Right) best, long frequency) = _pairs.Aggregate((a, b) =>
            a.Value > b.Value || (a.Value == b.Value && a.Key.CompareTo(b.Key) < 0) ? a : b);
        if (frequency < LeastFrequency)
        {
            return false;
        }

        int merged = _tokens.Count;
        _tokens.Add([.. _tokens[best.Left], .. _tokens[best.Right]]);
        _merges.Add(best);
        for (int i = 0; i < _words.Count; i++)
        {
            (int[] symbols, long count) = _words[i];
            if (Merge(symbols, best, merged) is { } shorter)
            {
                Count(symbols, -count);
                Count(shorter, count);
                _words[i] = (shorter, count);
            }
        }

        return true;
    }

    // The word with the pair merged from left to right, or null where it does not occur.
    private static int[]? Merge(int[] symbols, (int Left, int Right) pair, int merged)
    {
        List<int>? result = null;
        for (int i = 0; i < symbols.Length; i++)
        {
            if (i + 1 < symbols.Length && symbols[i] == pair.Left && symbols[i + 1] == pair.Right)
            {
                result ??= [.. symbols[..i]];
                result.Add(merged);
                i++;
            }
            else
            {
                result?.Add(symbols[i]);
            }
        }

        return result?.ToArray();
    }

    private void Count(int[] symbols, long count)
    {
        for (int i = 1; i < symbols.Length; i++)
        {
            (int, int) pair = (symbols[i - 1], symbols[i]);
            long total = _pairs.GetValueOrDefault(pair) + count;
            if (total == 0)
            {
                _pairs.Remove(pair);
            }
            else
            {
                _pairs[pair] = total;
            }
        }
    }

    // The words that the finished tokenizer makes: digits one by one, then GPT-2's split.
    [GeneratedRegex(@"\p{N}|'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Words();
}
