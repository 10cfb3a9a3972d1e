using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;

namespace Examples.TinyLlama;

/// <summary>
/// A batch of token rows of similar length, filled up on the right: what stands there comes after every real token, so no token sees it.
/// </summary>
/// <param name="Ids">[rows, length], row by row.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Length">Length of the longest.</param>
/// <param name="Positions">Index into <paramref name="Ids"/> of each token that has a next one.</param>
/// <param name="Targets">That next one.</param>
internal sealed record TokenBatch(long[] Ids, int Rows, int Length, long[] Positions, long[] Targets);

/// <summary>Texts as token rows, cut into batches that hold about equally many tokens.</summary>
internal static class TokenRows
{
    // Rows are sorted by length within so many batches: little padding, and still a random order.
    private const int BatchesInPool = 64;

    public static int[][] Encode(TextTokenizer tokenizer, IEnumerable<string> texts) =>
        [.. texts.Select(text => (int[])[.. tokenizer.Encode(text), TokenizerFiles.EndId])];

    /// <summary>The batches of one epoch in random order.</summary>
    public static List<TokenBatch> Shuffle(int[][] rows, int tokensInBatch, CounterRandom random)
    {
        int[][] order = [.. rows];
        random.Shuffle<int[]>(order);
        List<TokenBatch> batches = [];
        long pool = (long)tokensInBatch * BatchesInPool;
        for (int start = 0; start < order.Length;)
        {
            long tokens = 0;
            int end = start;
            while (end < order.Length && tokens < pool)
            {
                tokens += order[end++].Length;
            }

            Array.Sort(order, start, end - start, Comparer<int[]>.Create((a, b) => a.Length.CompareTo(b.Length)));
            batches.AddRange(Cut(order.AsSpan(start, end - start), tokensInBatch));
            start = end;
        }

        random.Shuffle<TokenBatch>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batches));
        return batches;
    }

    /// <summary>Batches of rows in the given order, which is by length.</summary>
    public static List<TokenBatch> Cut(ReadOnlySpan<int[]> rows, int tokensInBatch)
    {
        List<TokenBatch> batches = [];
        for (int start = 0; start < rows.Length;)
        {
            int end = start + 1;
            int longest = rows[start].Length;
            while (end < rows.Length && Math.Max(longest, rows[end].Length) * (end + 1 - start) <= tokensInBatch)
            {
                longest = Math.Max(longest, rows[end++].Length);
            }

            batches.Add(Pad(rows[start..end], longest));
            start = end;
        }

        return batches;
    }

    private static TokenBatch Pad(ReadOnlySpan<int[]> rows, int length)
    {
        long[] ids = new long[rows.Length * length];
        List<long> positions = [];
        List<long> targets = [];
        for (int row = 0; row < rows.Length; row++)
        {
            for (int i = 0; i < rows[row].Length; i++)
            {
                ids[(row * length) + i] = rows[row][i];
                if (i + 1 < rows[row].Length)
                {
                    positions.Add((row * length) + i);
                    targets.Add(rows[row][i + 1]);
                }
            }
        }

        return new TokenBatch(ids, rows.Length, length, [.. positions], [.. targets]);
    }
}
