using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// How stage 1 trains. The defaults are the reference's, but for <see cref="DropLastBatch"/> and the epochs on small graphs.
/// </summary>
public sealed record SgmTrainingOptions
{
    /// <summary>What a value is where none is given.</summary>
    internal static class Defaults
    {
        public static readonly EpochBudget Epochs = new(Steps: 2_000, Fewest: 20, Most: 200);
        public const int BatchSize = 128;
        public const int NegativesPerPositive = 64;
        public const double LearningRate = 3e-4;
    }

    /// <summary>What the reference's script does where nothing is said.</summary>
    internal static SgmTrainingOptions Reference { get; } = new() { NumberOfEpochs = 20 };

    /// <summary>
    /// Passes over the triples. Default (null): 20, as in the reference, on small graphs as many more as make 2,000 steps, up to 200.
    /// </summary>
    [OptionRange(0, 1_000_000)]
    public int? NumberOfEpochs { get; init; }

    /// <summary>True triples per step; 128.</summary>
    [OptionRange(1, 1_000_000)]
    public int BatchSize { get; init; } = Defaults.BatchSize;

    /// <summary>Corrupted triples for each true one; 64.</summary>
    [OptionRange(1, 100_000)]
    public int NegativesPerPositive { get; init; } = Defaults.NegativesPerPositive;

    /// <summary>Which entities stand in for heads and tails; any, even one that makes a true triple, as in the reference.</summary>
    public NegativeSampling Negatives { get; init; } = NegativeSampling.Uniform;

    /// <summary>Learning rate of AdamW (betas 0.9 and 0.999, epsilon 1e-8); 3e-4.</summary>
    [OptionRange(0, 10, IsAboveLeast = true)]
    public double LearningRate { get; init; } = Defaults.LearningRate;

    /// <summary>Decoupled weight decay; 0.01.</summary>
    [OptionRange(0, 10)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>
    /// Leaves out the last batch of an epoch where it is not full, as the reference does, so that fewer triples than a batch mean no step
    /// at all; false, so that every triple counts.
    /// </summary>
    public bool DropLastBatch { get; init; }

    /// <summary>The seed of all random streams. Default (null): the one of the <see cref="MLContext"/>, or 42 where it has none.</summary>
    [OptionRange(int.MinValue, int.MaxValue)]
    public int? Seed { get; init; }

    /// <summary>
    /// Whether each step is computed in twelve parts whose gradients are added in one order, so that up to twelve processes
    /// (<see cref="ProcessGroup"/>), each with as many threads, end with the bits of one; false. It takes longer: see
    /// <c>docs/scale-out.md</c>.
    /// </summary>
    public bool Reproducible { get; init; }

    /// <summary>
    /// Epochs without a better validation figure after which training ends; null for none. The best epoch's weights are kept wherever there
    /// is validation.
    /// </summary>
    [OptionRange(1, 1_000_000)]
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>Where the training keeps its state and whether it goes on from there; null keeps nothing.</summary>
    public TrainingCheckpointOptions? Checkpoint { get; init; }

    /// <summary>Receives the state after each step; null for no progress reports.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// What of a triple is hidden from its own head and tail while it is scored, in training and in validation. Set by who trains, for it
    /// is the mask of scoring as well; nothing, as in the reference.
    /// </summary>
    internal QueryMask Mask { get; init; }

    /// <summary>The seed that counts.</summary>
    internal int SeedOrDefault => Seed ?? RandomStreams.DefaultSeed;

    /// <summary>These options with all decided that depends on the triples.</summary>
    /// <param name="triples">True triples to train on.</param>
    internal SgmTrainingOptions Settled(long triples) =>
        this with { NumberOfEpochs = NumberOfEpochs ?? Defaults.Epochs.EpochsFor(triples, BatchSize) };

    /// <summary>Refuses what is out of its range.</summary>
    /// <param name="upperEnds">Whether upper ends count; the scripts do without them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check(bool upperEnds = true)
    {
        OptionRanges.Check(this, upperEnds);
        if (Checkpoint is not null)
        {
            OptionRanges.Check(Checkpoint);
        }
    }
}
