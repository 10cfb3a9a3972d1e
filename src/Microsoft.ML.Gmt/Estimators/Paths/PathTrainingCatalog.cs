using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML;

/// <summary>Extends <see cref="TransformsCatalog"/> by path models that are trained on a graph.</summary>
public static class PathTrainingCatalog
{
    /// <summary>
    /// Create <see cref="PathTrainingEstimator"/>, which trains a path model on a graph: link scores from the paths between two entities,
    /// without parameters for any entity.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">The graph whose training triples are the edges that are read.</param>
    /// <param name="headColumnName">The column of the head: text, or a key with text key values.</param>
    /// <param name="relationColumnName">The column of the relation: text, or a key with text key values.</param>
    /// <param name="tailColumnName">The column of the tail: text, or a key with text key values.</param>
    /// <param name="labelColumnName">The column that says which rows are true, Boolean; null where all are.</param>
    /// <param name="numberOfEpochs">Passes over the questions; null for as many as make 3,000 steps, from 5 to 20.</param>
    /// <param name="batchSize">Questions a step.</param>
    /// <param name="learningRate">The learning rate; null for 0.005.</param>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("products.csv").Split();
    /// using PathScoringTransformer model = ml.Transforms.TrainPathModel(graph).Fit(graph.ToDataView());
    /// LinkPredictionMetrics links = ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test)));
    /// Console.WriteLine($"MRR {links.MeanReciprocalRank:f3}");
    /// </code>
    /// </example>
    public static PathTrainingEstimator TrainPathModel(
        this TransformsCatalog catalog,
        KnowledgeGraph graph,
        string headColumnName = "Head",
        string relationColumnName = "Relation",
        string tailColumnName = "Tail",
        string? labelColumnName = "Label",
        int? numberOfEpochs = null,
        int batchSize = PathTrainingOptions.Defaults.BatchSize,
        double? learningRate = null) => catalog.TrainPathModel(graph, new PathTrainingEstimator.Options
        {
            Columns = new TripleColumnNames
            {
                Head = headColumnName,
                Relation = relationColumnName,
                Tail = tailColumnName,
                Label = labelColumnName,
            },
            Training = new PathTrainingOptions { NumberOfEpochs = numberOfEpochs, BatchSize = batchSize, LearningRate = learningRate },
        });

    /// <summary>Create <see cref="PathTrainingEstimator"/>, which trains a path model on a graph, with all its options.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">The graph whose training triples are the edges that are read.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="FileNotFoundException">There is no file <see cref="PathTrainingEstimator.Options.StartFrom"/>.</exception>
    /// <exception cref="WeightFileException">That file is malformed, is of another architecture, or a weight is not finite.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// using PathScoringTransformer model = ml.Transforms.TrainPathModel(graph, new PathTrainingEstimator.Options
    /// {
    ///     Training = new PathTrainingOptions { NumberOfEpochs = 8, EarlyStoppingPatience = 2 },
    /// }).Fit(graph.ToDataView());
    /// </code>
    /// </example>
    public static PathTrainingEstimator TrainPathModel(
        this TransformsCatalog catalog, KnowledgeGraph graph, PathTrainingEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        return new PathTrainingEstimator(MlNetInternals.Environment(catalog), graph, options);
    }
}
