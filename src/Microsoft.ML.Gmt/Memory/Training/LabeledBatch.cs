using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Rows that go through the model together, shorter ones padded on the left.</summary>
internal sealed class LabeledBatch : IDisposable
{
    private const int PadId = 0;

    private readonly TokenBatch _tokens;

    private LabeledBatch(TokenBatch tokens, Tensor labels, IReadOnlyList<TokenizedRow> rows)
    {
        (_tokens, Labels) = (tokens, labels);
        Queries = [.. rows.Select(row => row.Query)];
        Features = [.. rows.Select(row => row.Features)];
        LabelCount = rows.Sum(row => row.LabelCount);
    }

    /// <summary>Token ids, [batch, longest row], int64; 0 at padding.</summary>
    public Tensor InputIds => _tokens.InputIds;

    /// <summary>1 at tokens and 0 at padding, [batch, longest row], int64; null where all rows are equally long.</summary>
    public Tensor? AttentionMask => _tokens.AttentionMask;

    /// <summary>Each token's own id where it is to be predicted, else -100, [batch, longest row], int64; not shifted.</summary>
    public Tensor Labels { get; }

    /// <summary>The triple of each row, and what is hidden from its evidence.</summary>
    public IReadOnlyList<TripleQuery> Queries { get; }

    /// <summary>The features of each row; null where none were read.</summary>
    public IReadOnlyList<float[]?> Features { get; }

    /// <summary>How many tokens are predicted.</summary>
    public int LabelCount { get; }

    /// <summary>Pads rows on the left.</summary>
    /// <param name="rows">At least one row.</param>
    /// <param name="device">Where to put the tensors. Default (null): the CPU.</param>
    /// <param name="leastLength">How long rows are made at least, as if one of so many tokens were there. Default 0.</param>
    /// <exception cref="ArgumentException">There is no row, or one has no tokens.</exception>
    public static LabeledBatch PadLeft(IReadOnlyList<TokenizedRow> rows, Device? device = null, int leastLength = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        TokenBatch tokens = TokenBatch.PadLeft([.. rows.Select(row => row.Ids)], PadId, device, leastLength);
        int longest = (int)tokens.InputIds.size(1);
        long[] labels = new long[rows.Count * longest];
        Array.Fill(labels, LanguageModelLoss.Ignored);
        for (int row = 0; row < rows.Count; row++)
        {
            IReadOnlyList<int> ids = rows[row].Ids;
            int start = ((row + 1) * longest) - ids.Count;
            for (int place = rows[row].ContextLength; place < ids.Count; place++)
            {
                labels[start + place] = ids[place];
            }
        }

        return new LabeledBatch(tokens, tensor(labels, [rows.Count, longest], dtype: ScalarType.Int64, device: device), rows);
    }

    /// <summary>Frees the tensors; unneeded where a dispose scope was open when the batch was made.</summary>
    public void Dispose()
    {
        _tokens.Dispose();
        Labels.Dispose();
    }
}
