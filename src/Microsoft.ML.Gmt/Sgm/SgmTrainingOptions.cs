using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>How stage 1 trains. The defaults are the reference's, but for <see cref="DropLastBatch"/>.</summary>
public sealed record SgmTrainingOptions
{
    /// <summary>Passes over the triples; 20.</summary>
    public int NumberOfEpochs { get; init; } = 20;

    /// <summary>True triples per step; 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Corrupted triples for each true one; 64.</summary>
    public int NegativesPerPositive { get; init; } = 64;

    /// <summary>Which entities stand in for heads and tails; any, even one that makes a true triple, as in the reference.</summary>
    public NegativeSampling Negatives { get; init; } = NegativeSampling.Uniform;

    /// <summary>
    /// What of a triple is hidden from its own head and tail while it is scored in training; nothing, as in the reference. Without a mask what is true can
    /// be told from what is not by the edge alone, which no triple that is asked about later has.
    /// </summary>
    public QueryMask Mask { get; init; }

    /// <summary>Learning rate of AdamW (betas 0.9 and 0.999, epsilon 1e-8); 3e-4.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Decoupled weight decay; 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>
    /// Leaves out the last batch of an epoch where it is not full, as the reference does, so that fewer triples than a batch mean no step at all;
    /// false, so that every triple counts.
    /// </summary>
    public bool DropLastBatch { get; init; }

    /// <summary>The seed of all random streams; 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>
    /// Epochs without a better validation figure after which training ends; null for none. The best epoch's weights are kept wherever there is
    /// validation.
    /// </summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>Where the training keeps its state and whether it goes on from there; null keeps nothing.</summary>
    public TrainingCheckpointOptions? Checkpoint { get; init; }

    /// <summary>Receives the state after each step.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(NumberOfEpochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(NegativesPerPositive);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(WeightDecay);
        if (EarlyStoppingPatience is { } patience)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patience, nameof(EarlyStoppingPatience));
        }
    }
}
