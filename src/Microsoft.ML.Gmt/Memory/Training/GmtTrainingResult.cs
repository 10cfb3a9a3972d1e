using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>What came of a training.</summary>
/// <param name="History">Loss, rate and validation loss, step by step.</param>
/// <param name="RowsPerEpoch">Rows that an epoch goes through.</param>
/// <param name="RowsWithoutLabels">Rows that were left out because they have no token to predict.</param>
/// <param name="BestEpoch">The epoch with the smallest validation loss, from 1, whose weights the model has; null without validation.</param>
/// <param name="BestLoss">That epoch's validation loss; null without validation.</param>
/// <param name="IsStoppedEarly">Whether patience ran out before the last epoch.</param>
/// <param name="IsCancelled">Whether it was ended before the last step.</param>
public sealed record GmtTrainingResult(
    TrainingHistory History, int RowsPerEpoch, int RowsWithoutLabels, int? BestEpoch, double? BestLoss, bool IsStoppedEarly, bool IsCancelled);
