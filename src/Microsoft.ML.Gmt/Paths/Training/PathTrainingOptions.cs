using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// How a path model is shaped and trained. Shape counts for models that start from nothing; one that starts from a checkpoint has the
/// checkpoint's.
/// </summary>
public sealed record PathTrainingOptions
{
    /// <summary>What a value is where none is given.</summary>
    internal static class Defaults
    {
        public const int StateDimension = 32;
        public const int HiddenDimension = 32;
        public const int NumberOfLayers = 3;
        public const int BatchSize = 32;
        public const int FineTuningEpochs = 1;
        public const double LearningRate = 5e-3;
        public const double FineTuningRate = 5e-4;
        public const int WarmupSteps = 100;
        public const int WarmupShare = 5;
        public const double DecayPower = .9;
        public const double MaxGradientNorm = 1;
        public const int QuestionsPerQuery = 4;
        public const double QuestionWeightPower = .5;
        public const double FineTuningWeightPower = 0;
        public const int MaximumValidationTriples = 2000;

        // Five epochs of CoDEx-S; a graph of some hundred facts has learned most it will in ten.
        public static readonly EpochBudget Epochs = new(Steps: 3_000, Fewest: 5, Most: 20);
    }

    /// <summary>d: numbers of a state, a multiple of 16; 32.</summary>
    [OptionRange(16, 1024)]
    public int StateDimension { get; init; } = Defaults.StateDimension;

    /// <summary>h: units of the hidden layer that scores an entity, a multiple of 16; 32.</summary>
    [OptionRange(16, 1024)]
    public int HiddenDimension { get; init; } = Defaults.HiddenDimension;

    /// <summary>L: layers, which is how many facts a path has at most; 3.</summary>
    [OptionRange(1, 64)]
    public int NumberOfLayers { get; init; } = Defaults.NumberOfLayers;

    /// <summary>Passes over the questions. Default (null): as many as make 3,000 steps, from 5 to 20; 1 from a checkpoint.</summary>
    [OptionRange(0, 1_000_000)]
    public int? NumberOfEpochs { get; init; }

    /// <summary>Questions of a step; 32.</summary>
    [OptionRange(1, 1_000_000)]
    public int BatchSize { get; init; } = Defaults.BatchSize;

    /// <summary>The highest rate of Adam (β₁ .9, β₂ .99). Default (null): 0.005; 0.0005 from a checkpoint.</summary>
    [OptionRange(0, 10, IsAboveLeast = true)]
    public double? LearningRate { get; init; }

    /// <summary>Steps in which the rate rises. Default (null): a fifth of all steps, at most 100.</summary>
    [OptionRange(0, 1_000_000)]
    public int? WarmupSteps { get; init; }

    /// <summary>The rate falls as (1 − step / steps) to this power; 0.9. With 0 it stays.</summary>
    [OptionRange(0, 100)]
    public double DecayPower { get; init; } = Defaults.DecayPower;

    /// <summary>Gradients are scaled down to at most this norm, all together; 1.</summary>
    [OptionRange(0, 1_000_000, IsAboveLeast = true)]
    public double MaxGradientNorm { get; init; } = Defaults.MaxGradientNorm;

    /// <summary>
    /// To how many questions the known answers of a query, an entity with a relation and a direction, are dealt out in an epoch; 4. A
    /// question does not see the edges to its own answers; with 1 it sees none of the relation's.
    /// </summary>
    [OptionRange(1, 1_000_000)]
    public int QuestionsPerQuery { get; init; } = Defaults.QuestionsPerQuery;

    /// <summary>
    /// A question weighs in a step's loss as many as its answers to this power: with 0 all questions weigh alike, with 1 all answers, so
    /// that a few hubs are most of what is learned. Default (null): 0.5; 0 from a checkpoint.
    /// </summary>
    [OptionRange(0, 1)]
    public double? QuestionWeightPower { get; init; }

    /// <summary>How many validation triples are ranked after an epoch, drawn once where there are more; 2,000.</summary>
    [OptionRange(1, int.MaxValue)]
    public int MaximumValidationTriples { get; init; } = Defaults.MaximumValidationTriples;

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

    /// <summary>The seed that counts.</summary>
    internal int SeedOrDefault => Seed ?? RandomStreams.DefaultSeed;

    /// <summary>With all decided that depends on where the weights start and on how much there is to learn from.</summary>
    /// <param name="isFineTuning">Whether they start from a checkpoint.</param>
    /// <param name="triples">True triples to train on.</param>
    internal PathTrainingOptions Settle(bool isFineTuning, ReadOnlySpan<Triple> triples)
    {
        int questions = PathQueries.CountOf(triples, QuestionsPerQuery);
        int epochs = NumberOfEpochs ?? (isFineTuning ? Defaults.FineTuningEpochs : Defaults.Epochs.EpochsFor(questions, BatchSize));
        long steps = epochs * EpochBudget.StepsPerEpoch(questions, BatchSize);
        return this with
        {
            NumberOfEpochs = epochs,
            LearningRate = LearningRate ?? (isFineTuning ? Defaults.FineTuningRate : Defaults.LearningRate),
            QuestionWeightPower = QuestionWeightPower
                ?? (isFineTuning ? Defaults.FineTuningWeightPower : Defaults.QuestionWeightPower),
            WarmupSteps = WarmupSteps ?? (int)Math.Min(Defaults.WarmupSteps, steps / Defaults.WarmupShare),
            Seed = SeedOrDefault,
        };
    }

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal void Check()
    {
        OptionRanges.Check(this);
        CheckLanes(StateDimension, nameof(StateDimension));
        CheckLanes(HiddenDimension, nameof(HiddenDimension));
        if (Checkpoint is not null)
        {
            OptionRanges.Check(Checkpoint);
        }
    }

    private static void CheckLanes(int width, string name)
    {
        if (width % 16 != 0)
        {
            throw new ArgumentOutOfRangeException(
                name, $"{name} is {width}; it must be a multiple of 16, such as {(width / 16 * 16) + 16}.");
        }
    }
}
