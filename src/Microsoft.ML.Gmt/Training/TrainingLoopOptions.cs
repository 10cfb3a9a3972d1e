namespace Microsoft.ML.Gmt.Training;

/// <summary>What of a stage's options the loop itself needs.</summary>
/// <param name="NumberOfEpochs">Passes over the rows.</param>
/// <param name="EarlyStoppingPatience">Epochs without a better validation figure after which training ends; null for none.</param>
/// <param name="Checkpoint">Where the run's state is kept, and whether it goes on from there; null keeps nothing.</param>
/// <param name="Progress">Receives the state after each step and each validation; null for no progress reports.</param>
internal sealed record TrainingLoopOptions(
    int NumberOfEpochs, int? EarlyStoppingPatience, TrainingCheckpointOptions? Checkpoint, IProgress<TrainingProgress>? Progress)
{
    /// <summary>Steps between two validations; null for one after each epoch.</summary>
    public int? ValidationSteps { get; init; }

    /// <summary>Whether the run ends with the weights of the best validation, not with the last ones; true.</summary>
    public bool KeepBestWeights { get; init; } = true;
}
