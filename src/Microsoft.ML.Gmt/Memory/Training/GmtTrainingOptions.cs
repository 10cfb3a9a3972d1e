using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>How stage 2 trains. The defaults are the reference's, but for the masked query.</summary>
public sealed record GmtTrainingOptions
{
    /// <summary>What a value is where none is given.</summary>
    internal static class Defaults
    {
        public const int NumberOfEpochs = 3;
        public const int BatchSize = 12;
        public const double LearningRate = 3e-4;
    }

    /// <summary>Passes over the rows; 3.</summary>
    [OptionRange(0, 1_000_000)]
    public int NumberOfEpochs { get; init; } = Defaults.NumberOfEpochs;

    /// <summary>Rows that an optimizer step learns from; 12.</summary>
    [OptionRange(1, 1_000_000)]
    public int BatchSize { get; init; } = Defaults.BatchSize;

    /// <summary>
    /// Rows that go through the model at once, a divisor of <see cref="BatchSize"/>; fewer take less memory. Default (null): the whole
    /// batch.
    /// </summary>
    [OptionRange(1, 1_000_000)]
    public int? MicroBatchSize { get; init; }

    /// <summary>
    /// Whether micro batches that fill no step at the end of an epoch wait for the next one, as in the reference, which leaves out the last
    /// ones of all; false, so that an epoch's last step may be smaller and takes them.
    /// </summary>
    public bool CarryIncompleteSteps { get; init; }

    /// <summary>Peak of the learning rate, which rises from 0 and falls to 0 linearly; 3e-4.</summary>
    [OptionRange(0, 10, IsAboveLeast = true)]
    public double LearningRate { get; init; } = Defaults.LearningRate;

    /// <summary>Steps of the rise; 100.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int WarmupSteps { get; init; } = 100;

    /// <summary>
    /// The gates' learning rate over the others'; 1. They are single numbers that start at 0, so a larger one opens the memory sooner.
    /// </summary>
    [OptionRange(0, 10_000, IsAboveLeast = true)]
    public double GateLearningRateFactor { get; init; } = 1;

    /// <summary>Gradients are scaled down to at most this norm, all together; 1.</summary>
    [OptionRange(0, 1_000_000_000, IsAboveLeast = true)]
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Whether rows of similar length go together, which saves padding; false.</summary>
    public bool GroupByLength { get; init; }

    /// <summary>Whether the graph module is trained too, relation semantics included; false.</summary>
    public bool TrainGraphModule { get; init; }

    /// <summary>Whether the cross-attention's own projections are trained beside their low-rank updates; false.</summary>
    public bool TrainCrossAttentionBase { get; init; }

    /// <summary>The seed of all random streams. Default (null): the one of the <see cref="MLContext"/>, or 42 where it has none.</summary>
    [OptionRange(int.MinValue, int.MaxValue)]
    public int? Seed { get; init; }

    /// <summary>Steps between two validations. Default (null): one after each epoch.</summary>
    [OptionRange(1, 1_000_000_000)]
    public int? ValidationSteps { get; init; }

    /// <summary>
    /// Whether the validation loss is the mean over batches of 8 rows, in the rows' order and weighted by their rows, as transformers'
    /// Trainer computes it; false, so that every token counts alike.
    /// </summary>
    public bool AverageValidationBatches { get; init; }

    /// <summary>Whether the weights with the smallest validation loss are kept, not the last ones; true.</summary>
    public bool KeepBestWeights { get; init; } = true;

    /// <summary>
    /// Epochs without a smaller validation loss after which training ends; null for none.
    /// </summary>
    [OptionRange(1, 1_000_000)]
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>Where the training's state is kept while it runs; null for nowhere.</summary>
    public TrainingCheckpointOptions? Checkpoint { get; init; }

    /// <summary>Receives the state after each step; null for no progress reports.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// What of a row's own triple is hidden from its evidence: set by who trains, as the evidence says. Default: the edges that state it.
    /// </summary>
    internal QueryMask Mask { get; init; } = QueryMask.Compatible;

    /// <summary>The seed that counts.</summary>
    internal int SeedOrDefault => Seed ?? RandomStreams.DefaultSeed;

    internal BatchSizes Sizes => new(BatchSize, MicroBatchSize ?? BatchSize);

    /// <summary>Refuses what is out of its range, or does not go together.</summary>
    /// <param name="upperEnds">Whether upper ends count; the scripts do without them.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the batch sizes do not go together.</exception>
    internal void Check(bool upperEnds = true)
    {
        OptionRanges.Check(this, upperEnds);
        _ = Sizes;
        if (Checkpoint is not null)
        {
            OptionRanges.Check(Checkpoint);
        }
    }
}
