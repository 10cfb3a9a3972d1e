using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// How an embedding is shaped and trained. What is null is settled by the model, and where it matters by the size of the graph; see
/// <c>docs/embeddings.md</c>.
/// </summary>
public sealed record KgeTrainingOptions
{
    /// <summary>What a value is where none is given.</summary>
    internal static class Defaults
    {
        public const int GreatestDimension = 65_536;
        public const double AdversarialTemperature = 1;
        public const int DistanceNorm = 1;
        public const int NegativesPerPositive = 64;
    }

    /// <summary>
    /// d: numbers of an entity's vector, of ComplEx and RotatE complex numbers, so that their vectors are twice as wide. A relation's
    /// vector has as many, of RotatE d angles, of RESCAL d · d numbers. Default (null): 256; 128 for RESCAL.
    /// </summary>
    [OptionRange(1, Defaults.GreatestDimension)]
    public int? EmbeddingDimension { get; init; }

    /// <summary>
    /// What a true triple is compared with. Default (null): all entities (<see cref="KgeLoss.OneVsAll"/>) for ComplEx, DistMult and RESCAL
    /// on graphs of up to 100,000 entities, <see cref="KgeLoss.NegativeSampling"/> else.
    /// </summary>
    public KgeLoss? Loss { get; init; }

    /// <summary>
    /// Whether each relation has a second vector, by which heads are asked for as tails are by the first (Lacroix et al. 2018). Default
    /// (null): true for ComplEx, DistMult and RESCAL, false for RotatE and TransE.
    /// </summary>
    public bool? ReciprocalRelations { get; init; }

    /// <summary>
    /// Passes over the queries: two for each triple, one for its tail and one for its head. Default (null): as many as make some steps,
    /// within bounds, so that small graphs are passed over more often.
    /// </summary>
    [OptionRange(0, 1_000_000)]
    public int? NumberOfEpochs { get; init; }

    /// <summary>Queries of a step. Default (null): 1,000 with all entities as candidates, 512 with samples.</summary>
    [OptionRange(1, 1_000_000)]
    public int? BatchSize { get; init; }

    /// <summary>What moves the vectors. Default (null): Adagrad with all entities as candidates, Adam with samples.</summary>
    public KgeOptimizer? Optimizer { get; init; }

    /// <summary>The learning rate. Default (null): 0.1 with Adagrad, 0.001 with Adam.</summary>
    [OptionRange(0, 10, IsAboveLeast = true)]
    public double? LearningRate { get; init; }

    /// <summary>What keeps vectors short. Default (null): N3 for ComplEx, DistMult and RESCAL, nothing for RotatE and TransE.</summary>
    public KgeRegularizer? Regularizer { get; init; }

    /// <summary>Its weight. Default (null): 0.01 for N3, 0.001 for L2.</summary>
    [OptionRange(0, 1_000_000)]
    public double? RegularizationWeight { get; init; }

    /// <summary>
    /// ε: the share of a query's label that is spread over all entities; 0. With samples it must be 0.
    /// </summary>
    [OptionRange(0, 1, IsBelowMost = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>Corrupted triples for each query, with samples; 64.</summary>
    [OptionRange(1, 100_000)]
    public int NegativesPerPositive { get; init; } = Defaults.NegativesPerPositive;

    /// <summary>Which entities stand in for heads and tails, with samples; any that does not make a training triple.</summary>
    public NegativeSampling Negatives { get; init; } = NegativeSampling.Filtered;

    /// <summary>
    /// α: corrupted triples weigh as the softmax of α times their scores, with samples; 1. With 0 all weigh the same.
    /// </summary>
    [OptionRange(0, 1_000_000)]
    public double AdversarialTemperature { get; init; } = Defaults.AdversarialTemperature;

    /// <summary>
    /// γ: what is added to scores, with samples. Default (null): 9 for RotatE and TransE, whose scores are below 0, else 0.
    /// </summary>
    [OptionRange(0, 1_000_000)]
    public double? Margin { get; init; }

    /// <summary>The norm of TransE's distance: 1 or 2; 1.</summary>
    [OptionRange(1, 2)]
    public int DistanceNorm { get; init; } = Defaults.DistanceNorm;

    /// <summary>
    /// How large the first numbers are. Default (null): 0.001, the standard deviation of normal ones, for ComplEx, DistMult and RESCAL;
    /// (γ + 2) / d, the bound of uniform ones, for the entities of RotatE and all of TransE. RotatE's angles are any.
    /// </summary>
    [OptionRange(0, 1_000, IsAboveLeast = true)]
    public double? InitialScale { get; init; }

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
    /// Epochs without a better validation figure after which training ends; null for none. The best epoch's vectors are kept wherever there
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

    /// <summary>The shape, once it is settled.</summary>
    internal KgeShape ShapeOf(KgeModel model) => new()
    {
        Model = model,
        EmbeddingDimension = EmbeddingDimension!.Value,
        ReciprocalRelations = ReciprocalRelations!.Value,
        DistanceNorm = DistanceNorm,
    };

    /// <exception cref="ArgumentException">An option is out of its range, or does not go with another.</exception>
    internal void Check()
    {
        OptionRanges.Check(this);
        CheckDefined(Loss, nameof(Loss));
        CheckDefined(Optimizer, nameof(Optimizer));
        CheckDefined(Regularizer, nameof(Regularizer));
        CheckDefined<NegativeSampling>(Negatives, nameof(Negatives));
        if (Loss == KgeLoss.NegativeSampling && LabelSmoothing > 0)
        {
            throw new ArgumentException(
                $"LabelSmoothing is {LabelSmoothing}, and the loss {nameof(KgeLoss.NegativeSampling)} has no labels to smooth: leave it at "
                + "0, or choose another loss.", nameof(LabelSmoothing));
        }

        if (Checkpoint is not null)
        {
            OptionRanges.Check(Checkpoint);
        }
    }

    private static void CheckDefined<T>(T? value, string name)
        where T : struct, Enum
    {
        if (value is { } given && !Enum.IsDefined(given))
        {
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }
}
