using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>How stage 2 trains.</summary>
/// <remarks>
/// The reference's defaults (3 epochs of 12 rows a step, rate 3e-4, 100 steps of its rise) are made for a LLaMA of 7 billion and tens of
/// thousands of rows; some hundred rows and a small model learn nothing by them. So what is null here is decided by the rows and by the
/// base model; docs/results/defaults.md has what was measured.
/// </remarks>
public sealed record GmtTrainingOptions
{
    /// <summary>What a value is where none is given.</summary>
    internal static class Defaults
    {
        public const int BatchSize = 32;
        public static readonly EpochBudget Epochs = new(Steps: 2_500, Fewest: 3, Most: 200);

        /// <summary>Models narrower than this take the higher rate.</summary>
        public const int WideModel = 1_024;
        public const double LearningRate = 3e-4;
        public const double LearningRateOfNarrowModels = 5e-4;
        public const int WarmupSteps = 100;
        public const int WarmupShare = 10;
    }

    /// <summary>What the reference's script does where nothing is said.</summary>
    internal static GmtTrainingOptions Reference { get; } = new()
    {
        NumberOfEpochs = 3,
        BatchSize = 12,
        MicroBatchSize = 12,
        LearningRate = 3e-4,
        WarmupSteps = 100,
    };

    /// <summary>Passes over the rows. Default (null): as many as make 2,500 steps, from 3 to 200.</summary>
    [OptionRange(0, 1_000_000)]
    public int? NumberOfEpochs { get; init; }

    /// <summary>Rows that an optimizer step learns from; 32.</summary>
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

    /// <summary>
    /// Peak of the learning rate, which rises from 0 and falls to 0 linearly. Default (null): 5e-4 where the base model's hidden size is
    /// below 1,024, else 3e-4.
    /// </summary>
    [OptionRange(0, 10, IsAboveLeast = true)]
    public double? LearningRate { get; init; }

    /// <summary>Steps of the rise. Default (null): a tenth of all steps, at most 100.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int? WarmupSteps { get; init; }

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

    /// <summary>
    /// Whether each step is computed in twelve parts whose gradients are added in one order, so that up to twelve processes
    /// (<see cref="ProcessGroup"/>), each with as many threads, end with the bits of one; false. It takes longer: see
    /// <c>docs/scale-out.md</c>.
    /// </summary>
    public bool Reproducible { get; init; }

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

    /// <summary>These options with all decided that depends on rows and base model.</summary>
    /// <param name="rows">Rows to train on.</param>
    /// <param name="hiddenSize">The base model's.</param>
    internal GmtTrainingOptions Settled(long rows, int hiddenSize)
    {
        int epochs = NumberOfEpochs ?? Defaults.Epochs.EpochsFor(rows, BatchSize);
        long steps = epochs * EpochBudget.StepsPerEpoch(rows, BatchSize);
        return this with
        {
            NumberOfEpochs = epochs,
            LearningRate = LearningRate
                ?? (hiddenSize < Defaults.WideModel ? Defaults.LearningRateOfNarrowModels : Defaults.LearningRate),
            WarmupSteps = WarmupSteps ?? (int)Math.Min(Defaults.WarmupSteps, steps / Defaults.WarmupShare),
        };
    }

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
