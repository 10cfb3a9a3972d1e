using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Rows of token ids as one rectangle, shorter rows padded on the left so that all end together.</summary>
internal sealed class TokenBatch : IDisposable
{
    private TokenBatch(Tensor inputIds, Tensor? attentionMask, IReadOnlyList<int> lengths)
    {
        InputIds = inputIds;
        AttentionMask = attentionMask;
        Lengths = lengths;
    }

    /// <summary>Token ids, [batch, longest row], int64.</summary>
    public Tensor InputIds { get; }

    /// <summary>1 at tokens and 0 at padding, [batch, longest row], int64; null where all rows are equally long.</summary>
    public Tensor? AttentionMask { get; }

    /// <summary>Tokens of each row, padding not counted.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Pads rows on the left.</summary>
    /// <param name="rows">At least one row; each with at least one token.</param>
    /// <param name="paddingId">Token id that fills up; it is never looked at. Default 0.</param>
    /// <param name="device">Where to put the tensors. Default (null): the CPU.</param>
    /// <param name="leastLength">How long rows are made at least, as if one of so many tokens were there. Default 0.</param>
    /// <exception cref="ArgumentException">There is no row, or one is empty.</exception>
    public static TokenBatch PadLeft(IReadOnlyList<IReadOnlyList<int>> rows, int paddingId = 0, Device? device = null, int leastLength = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        TorchRuntime.EnsureLoaded();
        if (rows.Count == 0)
        {
            throw new ArgumentException("There are no rows; give at least one.", nameof(rows));
        }

        int longest = Math.Max(leastLength, rows.Max(row => row.Count));
        long[] ids = new long[rows.Count * (long)longest];
        long[] mask = new long[ids.Length];
        Array.Fill(ids, paddingId);
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows[row].Count == 0)
            {
                throw new ArgumentException(
                    $"Row {row} has no tokens; a text needs at least one, say the begin-of-sequence token.", nameof(rows));
            }

            int start = ((row + 1) * longest) - rows[row].Count;
            for (int column = 0; column < rows[row].Count; column++)
            {
                ids[start + column] = rows[row][column];
                mask[start + column] = 1;
            }
        }

        bool padded = rows.Any(row => row.Count < longest);
        Tensor Rectangle(long[] values) => tensor(values, [rows.Count, longest], dtype: ScalarType.Int64, device: device);
        return new TokenBatch(Rectangle(ids), padded ? Rectangle(mask) : null, [.. rows.Select(row => row.Count)]);
    }

    /// <summary>Frees the tensors; unneeded where a dispose scope was open when the batch was made.</summary>
    public void Dispose()
    {
        InputIds.Dispose();
        AttentionMask?.Dispose();
    }
}
