using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML;

/// <summary>Extends <see cref="TransformsCatalog"/> by path models: link scores without parameters for entities or relations.</summary>
public static class PathModelCatalog
{
    /// <summary>
    /// Create <see cref="PathScoringEstimator"/>, which scores triples of a graph by the small path model that the library carries: nothing
    /// is trained, and no file is needed. The model was trained on training triples of FB15k-237 and WN18RR.
    /// </summary>
    /// <remarks>
    /// It is a fifth of the size of ULTRA's checkpoints and was trained for a small part of their time; these rank better where they are at
    /// hand. Figures of both are in the card of the model, <c>path-model-card.md</c> of the package.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">The graph whose training triples are the edges that are read.</param>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("products.csv").Split();
    /// using PathScoringTransformer model = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
    /// LinkPredictionMetrics links = ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test)));
    /// Console.WriteLine($"MRR {links.MeanReciprocalRank:f3}, {model.Origin}");
    /// </code>
    /// </example>
    public static PathScoringEstimator ApplyPathModel(this TransformsCatalog catalog, KnowledgeGraph graph) =>
        catalog.ApplyPathModel(graph, new PathScoringEstimator.Options());

    /// <summary>
    /// Create <see cref="PathScoringEstimator"/>, which scores triples of a graph by the small path model that the library carries, with
    /// all its options.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">The graph whose training triples are the edges that are read.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// var estimator = ml.Transforms.ApplyPathModel(graph, new PathScoringEstimator.Options
    /// {
    ///     Columns = new TripleColumnNames { Head = "Subject", Relation = "Predicate", Tail = "Object" },
    /// });
    /// </code>
    /// </example>
    public static PathScoringEstimator ApplyPathModel(
        this TransformsCatalog catalog, KnowledgeGraph graph, PathScoringEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        return new PathScoringEstimator(MlNetInternals.Environment(catalog), graph, () => EmbeddedPathModel.Model, options);
    }

    /// <summary>
    /// Create <see cref="PathScoringEstimator"/>, which scores triples of a graph by a path model that was trained elsewhere: nothing is
    /// trained, and the graph may be any, of entities and relations that the model never saw.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">The graph whose training triples are the edges that are read.</param>
    /// <param name="modelFile">
    /// A checkpoint of ULTRA's architecture: one of its authors' (<c>ultra_3g.pth</c>, <c>ultra_4g.pth</c>, <c>ultra_50g.pth</c>), or a
    /// <c>.safetensors</c> file with tensors of the same names.
    /// </param>
    /// <param name="headColumnName">The column of the head: text, or a key with text key values.</param>
    /// <param name="relationColumnName">The column of the relation: text, or a key with text key values.</param>
    /// <param name="tailColumnName">The column of the tail: text, or a key with text key values.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The file is malformed, is of another architecture, or a weight is not finite.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("products.csv").Split();
    /// using PathScoringTransformer model = ml.Transforms.ApplyPathModel(graph, "models/ultra_50g.pth").Fit(graph.ToDataView());
    /// Console.WriteLine(model.Origin);   // pre-trained on FB15k-237, WN18RR, CoDEx-M …
    /// LinkPredictionMetrics links = ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test)));
    /// Console.WriteLine($"MRR {links.MeanReciprocalRank:f3}");
    /// </code>
    /// </example>
    public static PathScoringEstimator ApplyPathModel(
        this TransformsCatalog catalog,
        KnowledgeGraph graph,
        string modelFile,
        string headColumnName = "Head",
        string relationColumnName = "Relation",
        string tailColumnName = "Tail") => catalog.ApplyPathModel(graph, modelFile, new PathScoringEstimator.Options
        {
            Columns = new TripleColumnNames { Head = headColumnName, Relation = relationColumnName, Tail = tailColumnName },
        });

    /// <summary>
    /// Create <see cref="PathScoringEstimator"/>, which scores triples of a graph by a path model that was trained elsewhere, with all its
    /// options.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">The graph whose training triples are the edges that are read.</param>
    /// <param name="modelFile">A checkpoint of ULTRA's architecture, <c>.pth</c> or <c>.safetensors</c>.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The file is malformed, is of another architecture, or a weight is not finite.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// var estimator = ml.Transforms.ApplyPathModel(graph, "models/ultra_3g.pth", new PathScoringEstimator.Options
    /// {
    ///     Outputs = new PathOutputColumnNames { Score = "PathScore", HeadScore = "PathHeadScore", TailScore = "PathTailScore" },
    ///     UnknownNameHandling = UnknownNameHandling.Error,
    /// });
    /// </code>
    /// </example>
    public static PathScoringEstimator ApplyPathModel(
        this TransformsCatalog catalog, KnowledgeGraph graph, string modelFile, PathScoringEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        ArgumentNullException.ThrowIfNull(options);
        return new PathScoringEstimator(
            MlNetInternals.Environment(catalog), graph, () => FoundationCheckpoint.Read(modelFile), options);
    }
}
