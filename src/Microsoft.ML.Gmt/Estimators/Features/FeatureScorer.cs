namespace Microsoft.ML.Gmt;

/// <summary>
/// A model whose scores become features of triples, twelve for each: an estimator, which is fitted when the features are, or a transformer
/// that is fitted already.
/// </summary>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// var pipeline = ml.Transforms.FeaturizeTriples("Features", graph, new FeaturizeTriplesEstimator.Options
///     {
///         Scorers = [FeatureScorer.Of("Sgm", ml.Transforms.SgmPretrain(graph, numberOfEpochs: 4))],
///     })
///     .Append(ml.BinaryClassification.Trainers.SdcaLogisticRegression());
/// ITransformer model = pipeline.Fit(graph.ToLabeledDataView(GraphSplit.Validation));
/// </code>
/// </example>
public sealed class FeatureScorer
{
    private FeatureScorer(string name) => Name = name;

    /// <summary>What the names of its slots begin with.</summary>
    public string Name { get; }

    internal IEstimator<ITransformer>? Estimator { get; private init; }

    internal ITransformer? Transformer { get; private init; }

    /// <summary>A model that is fitted with the features, on the training triples of their graph.</summary>
    /// <remarks>
    /// It is given rows with the columns that <see cref="TripleColumnNames"/> names. Where its scorer can't mask and rows of <c>Fit</c> are
    /// edges of the graph, it is fitted once more for each fold, without the fold's triples.
    /// </remarks>
    /// <param name="name">What the names of its slots begin with.</param>
    /// <param name="estimator">An estimator whose transformer is an <see cref="ITripleScoringTransformer"/>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static FeatureScorer Of(string name, IEstimator<ITransformer> estimator)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(estimator);
        return new FeatureScorer(name) { Estimator = estimator };
    }

    /// <summary>A fitted model. It stays the caller's to dispose, and must live as long as the features are computed.</summary>
    /// <param name="name">What the names of its slots begin with.</param>
    /// <param name="transformer">
    /// An <see cref="ITripleScoringTransformer"/> of a graph with the same names. It is refused where rows of <c>Fit</c> are edges that it
    /// may have been fitted on and can't mask.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static FeatureScorer Of(string name, ITransformer transformer)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(transformer);
        return new FeatureScorer(name) { Transformer = transformer };
    }
}
