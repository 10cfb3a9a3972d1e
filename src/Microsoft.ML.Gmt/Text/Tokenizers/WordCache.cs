using System.Collections.Concurrent;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Remembers the tokens of words already seen: texts repeat their words. Bounded, and safe for many threads.</summary>
internal sealed class WordCache
{
    private const int MaximumWords = 1 << 16;
    private const int MaximumLength = 64;

    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _count;    // ConcurrentDictionary.Count takes every lock

    public WordCache() => _bySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryGet(ReadOnlySpan<char> word, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out int[]? ids)
    {
        ids = null;
        return word.Length <= MaximumLength && _bySpan.TryGetValue(word, out ids);
    }

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length <= MaximumLength && _count < MaximumWords && _bySpan.TryAdd(word, ids.ToArray()))
        {
            Interlocked.Increment(ref _count);
        }
    }
}
