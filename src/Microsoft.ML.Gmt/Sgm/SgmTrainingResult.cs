using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>What came of a training.</summary>
/// <param name="History">Loss, rate and validation figures, step by step.</param>
/// <param name="TriplesPerEpoch">True triples that an epoch goes through; fewer than were given where the last batch is dropped.</param>
/// <param name="BestEpoch">The epoch with the best validation, from 1, whose weights the module has; null without validation.</param>
/// <param name="BestMeanReciprocalRank">That epoch's filtered mean reciprocal rank over both sides; null without validation.</param>
/// <param name="IsStoppedEarly">Whether patience ran out before the last epoch.</param>
/// <param name="IsCancelled">Whether it was ended before the last step.</param>
public sealed record SgmTrainingResult(
    TrainingHistory History, int TriplesPerEpoch, int? BestEpoch, double? BestMeanReciprocalRank, bool IsStoppedEarly, bool IsCancelled);
