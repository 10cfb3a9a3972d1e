using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>The rows of a micro batch that one process learns from: all of them where it is alone.</summary>
/// <param name="Number">Which micro batch of the step, from 0.</param>
/// <param name="Whole">All rows of the micro batch.</param>
/// <param name="Own">Those of this process, at least one.</param>
internal sealed record MicroBatchPart(int Number, IReadOnlyList<TokenizedRow> Whole, RowShare Own)
{
    /// <summary>The rows of this process.</summary>
    public IReadOnlyList<TokenizedRow> Rows { get; } = Own.Count == Whole.Count ? Whole : [.. Whole.Skip(Own.First).Take(Own.Count)];

    /// <summary>Tokens of the micro batch's longest row, to which all are padded.</summary>
    public int Length { get; } = Whole.Max(row => row.Ids.Count);

    /// <summary>The part of the micro batch's predicted tokens that is here, in (0, 1].</summary>
    public double Weight => (double)Predicted(Rows) / Predicted(Whole);

    /// <summary>The parts of a step's micro batches that lie in a stretch of its rows.</summary>
    /// <param name="microBatches">Those of all processes.</param>
    /// <param name="share">The stretch.</param>
    public static IEnumerable<MicroBatchPart> Of(IReadOnlyList<IReadOnlyList<TokenizedRow>> microBatches, RowShare share)
    {
        for (int number = 0, first = 0; number < microBatches.Count; first += microBatches[number].Count, number++)
        {
            int count = microBatches[number].Count, from = Math.Clamp(share.First - first, 0, count);
            int to = Math.Clamp(share.End - first, 0, count);
            if (to > from)
            {
                yield return new MicroBatchPart(number, microBatches[number], new RowShare(from, to - from));
            }
        }
    }

    /// <summary>The first token of all is predicted by nothing, but that of a row that is padded by the padding.</summary>
    private int Predicted(IReadOnlyList<TokenizedRow> rows) => rows.Sum(
        row => row.Ids.Count - row.ContextLength - (row.ContextLength == 0 && row.Ids.Count == Length ? 1 : 0));
}
