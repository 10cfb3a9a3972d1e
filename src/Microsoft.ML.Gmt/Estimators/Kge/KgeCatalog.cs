using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;

namespace Microsoft.ML;

/// <summary>Extends <see cref="TransformsCatalog"/> by knowledge graph embeddings.</summary>
public static class KgeCatalog
{
    /// <summary>Create <see cref="KgeEstimator"/>, which learns a vector for each entity and each relation of a graph.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">
    /// The graph whose entities and relations get vectors; null makes one of the true rows of the training data.
    /// </param>
    /// <param name="model">How vectors make a score.</param>
    /// <param name="headColumnName">The column of the head: text, or a key with text key values.</param>
    /// <param name="relationColumnName">The column of the relation: text, or a key with text key values.</param>
    /// <param name="tailColumnName">The column of the tail: text, or a key with text key values.</param>
    /// <param name="labelColumnName">The column that says which rows are true, Boolean; null where all are.</param>
    /// <param name="embeddingDimension">Numbers of a vector, of ComplEx and RotatE complex ones; null for what suits the model.</param>
    /// <param name="numberOfEpochs">Passes over the true rows; null for what suits model and graph.</param>
    /// <param name="batchSize">Queries a step; null for what suits the model.</param>
    /// <param name="learningRate">The learning rate; null for what suits the model.</param>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// using KgeTransformer model = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.ComplEx).Fit(graph.ToDataView());
    /// LinkPredictionMetrics links = ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test)));
    /// Console.WriteLine($"MRR {links.MeanReciprocalRank:f3}");
    /// </code>
    /// </example>
    public static KgeEstimator EmbedKnowledgeGraph(
        this TransformsCatalog catalog,
        KnowledgeGraph? graph = null,
        KgeModel model = KgeModel.ComplEx,
        string headColumnName = "Head",
        string relationColumnName = "Relation",
        string tailColumnName = "Tail",
        string? labelColumnName = "Label",
        int? embeddingDimension = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double? learningRate = null) => catalog.EmbedKnowledgeGraph(graph, model, new KgeEstimator.Options
        {
            Columns = new TripleColumnNames
            {
                Head = headColumnName,
                Relation = relationColumnName,
                Tail = tailColumnName,
                Label = labelColumnName,
            },
            Training = new KgeTrainingOptions
            {
                EmbeddingDimension = embeddingDimension,
                NumberOfEpochs = numberOfEpochs,
                BatchSize = batchSize,
                LearningRate = learningRate,
            },
        });

    /// <summary>
    /// Create <see cref="KgeEstimator"/>, which learns a vector for each entity and each relation of a graph, with all its options.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">
    /// The graph whose entities and relations get vectors; null makes one of the true rows of the training data.
    /// </param>
    /// <param name="model">How vectors make a score.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// using KgeTransformer model = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.RotatE, new()
    /// {
    ///     Training = new KgeTrainingOptions { EmbeddingDimension = 128, NegativesPerPositive = 128, EarlyStoppingPatience = 5 },
    ///     ValidateOnGraph = true,
    /// }).Fit(graph.ToDataView());
    /// </code>
    /// </example>
    public static KgeEstimator EmbedKnowledgeGraph(
        this TransformsCatalog catalog, KnowledgeGraph? graph, KgeModel model, KgeEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new KgeEstimator(MlNetInternals.Environment(catalog), graph, model, options);
    }
}
