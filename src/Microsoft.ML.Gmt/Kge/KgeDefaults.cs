using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// What <see cref="KgeTrainingOptions"/> left open, decided by the model and the graph; docs/results/embeddings.md has the figures.
/// </summary>
internal static class KgeDefaults
{
    /// <summary>From so many entities on a step does not compare with all of them: 400 MB of scores for 1,000 queries.</summary>
    public const int MostCandidates = 100_000;

    /// <summary>How long a run is that compares with all entities: 9 epochs of CoDEx-S.</summary>
    public static readonly EpochBudget OfAllEntities = new(Steps: 590, Fewest: 9, Most: 200);

    /// <summary>How long a run is that compares with samples.</summary>
    public static readonly EpochBudget OfSamples = new(Steps: 8_000, Fewest: 30, Most: 1_000);

    // The upper end of the option's own range.
    private const double MostInitialScale = 1_000;

    /// <summary>These options with all decided.</summary>
    /// <param name="options">The options, checked.</param>
    /// <param name="model">The model.</param>
    /// <param name="entities">Entities of the graph.</param>
    /// <param name="queriesOf">Queries of an epoch under a loss.</param>
    public static KgeTrainingOptions Settle(KgeTrainingOptions options, KgeModel model, int entities, Func<KgeLoss, long> queriesOf)
    {
        bool isBilinear = IsBilinear(model);
        int dimension = options.EmbeddingDimension ?? DimensionOf(model);
        KgeLoss loss = options.Loss ?? (isBilinear && entities <= MostCandidates ? KgeLoss.OneVsAll : KgeLoss.NegativeSampling);
        bool isSampled = loss == KgeLoss.NegativeSampling;
        int batch = options.BatchSize ?? (isSampled ? 512 : 1_000);
        KgeOptimizer optimizer = options.Optimizer ?? (isSampled ? KgeOptimizer.Adam : KgeOptimizer.Adagrad);
        KgeRegularizer regularizer = options.Regularizer ?? (isBilinear ? KgeRegularizer.N3 : KgeRegularizer.None);
        double margin = options.Margin ?? (isBilinear ? 0 : 9);
        return options with
        {
            EmbeddingDimension = dimension,
            Loss = loss,
            ReciprocalRelations = options.ReciprocalRelations ?? isBilinear,
            NumberOfEpochs = options.NumberOfEpochs ?? (isSampled ? OfSamples : OfAllEntities).EpochsFor(queriesOf(loss), batch),
            BatchSize = batch,
            Optimizer = optimizer,
            LearningRate = options.LearningRate ?? (optimizer == KgeOptimizer.Adagrad ? 0.1 : 0.001),
            Regularizer = regularizer,
            RegularizationWeight = options.RegularizationWeight ?? regularizer switch
            {
                KgeRegularizer.N3 => 0.01,
                KgeRegularizer.L2 => 0.001,
                _ => 0,
            },
            Margin = margin,
            InitialScale = options.InitialScale ?? (isBilinear ? 1e-3 : Math.Min((margin + 2) / dimension, MostInitialScale)),
        };
    }

    /// <summary>The dimension of a model where none is given.</summary>
    public static int DimensionOf(KgeModel model) => model == KgeModel.Rescal ? 128 : 256;

    private static bool IsBilinear(KgeModel model) => model is KgeModel.ComplEx or KgeModel.DistMult or KgeModel.Rescal;
}
