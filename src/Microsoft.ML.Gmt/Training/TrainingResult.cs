using System.Globalization;

namespace Microsoft.ML.Gmt.Training;

/// <summary>What came of a training run.</summary>
/// <param name="History">Loss, rate and validation figures, step by step.</param>
/// <param name="RowsPerEpoch">Rows that an epoch goes through: true triples in stage 1, questions in stage 2.</param>
/// <param name="BestEpoch">
/// The epoch with the best validation figure, from 1; the model has its weights, unless the options keep the last ones. Null without
/// validation.
/// </param>
/// <param name="BestMetric">
/// That epoch's validation figure: the filtered mean reciprocal rank in stage 1, the loss in stage 2. Null without validation.
/// </param>
/// <param name="IsStoppedEarly">Whether patience ran out before the last epoch.</param>
/// <param name="IsCancelled">Whether it was cancelled before it was done.</param>
public sealed record TrainingResult(
    TrainingHistory History, int RowsPerEpoch, int? BestEpoch, double? BestMetric, bool IsStoppedEarly, bool IsCancelled)
{
    /// <summary>Rows that were left out because they have no token to predict; 0 in stage 1, where every triple counts.</summary>
    public int RowsWithoutLabels { get; init; }

    /// <summary>
    /// Rows whose text is longer than <see cref="GmtTextOptions.CutoffLength"/>: the end of their answers, or all of it, is cut off, those
    /// of <see cref="RowsWithoutLabels"/> included. 0 in stage 1.
    /// </summary>
    public int RowsCut { get; init; }

    /// <summary>
    /// Rows that this process has learned from since the run began or was resumed. Of several processes each has a part of them, in stage 1
    /// each has all, for they divide the edge states.
    /// </summary>
    internal long RowsTaken { get; init; }

    /// <summary>Rows with more tokens than the language model has positions (<c>max_position_embeddings</c>). 0 in stage 1.</summary>
    public int RowsBeyondPositions { get; init; }

    /// <summary>How long it was, how the loss changed, the best epoch, and whether it ended before its last one.</summary>
    public override string ToString()
    {
        string best = BestEpoch is null ? ""
            : string.Create(CultureInfo.InvariantCulture, $", best epoch {BestEpoch:n0} with {BestMetric:f4}");
        return $"{History}{best}{(IsStoppedEarly ? ", stopped early" : "")}{(IsCancelled ? ", cancelled" : "")}";
    }
}
