using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML;

/// <summary>Extends <see cref="TransformsCatalog"/> by stage 1 of Graph-as-Memory Tuning.</summary>
public static class SgmCatalog
{
    /// <summary>Create <see cref="SgmPretrainEstimator"/>, which trains a Semantic Graph Module to score triples.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">The graph whose training triples are the edges; null makes one of the true rows of the training data.</param>
    /// <param name="headColumnName">The column of the head: text, or a key with text key values.</param>
    /// <param name="relationColumnName">The column of the relation: text, or a key with text key values.</param>
    /// <param name="tailColumnName">The column of the tail: text, or a key with text key values.</param>
    /// <param name="labelColumnName">The column that says which rows are true, Boolean; null where all are.</param>
    /// <param name="relationSemantics">Where the relations' vectors come from; null: they are random.</param>
    /// <param name="numberOfEpochs">Passes over the true rows.</param>
    /// <param name="batchSize">True rows a step.</param>
    /// <param name="negativesPerPositive">Corrupted triples for each true one.</param>
    /// <param name="learningRate">The learning rate of AdamW.</param>
    /// <param name="graphDimension">The width of embeddings.</param>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// using SgmTransformer model = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 4).Fit(graph.ToDataView());
    /// IDataView scored = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));
    /// Console.WriteLine(ml.BinaryClassification.Evaluate(scored).AreaUnderRocCurve);
    /// </code>
    /// </example>
    public static SgmPretrainEstimator SgmPretrain(
        this TransformsCatalog catalog,
        KnowledgeGraph? graph = null,
        string headColumnName = "Head",
        string relationColumnName = "Relation",
        string tailColumnName = "Tail",
        string? labelColumnName = "Label",
        RelationSemanticsSource? relationSemantics = null,
        int? numberOfEpochs = null,
        int batchSize = SgmTrainingOptions.Defaults.BatchSize,
        int negativesPerPositive = SgmTrainingOptions.Defaults.NegativesPerPositive,
        double learningRate = SgmTrainingOptions.Defaults.LearningRate,
        int graphDimension = SgmOptions.DefaultGraphDimension) => catalog.SgmPretrain(graph, new SgmPretrainEstimator.Options
        {
            Columns = new TripleColumnNames
            {
                Head = headColumnName,
                Relation = relationColumnName,
                Tail = tailColumnName,
                Label = labelColumnName,
            },
            GraphModule = new SgmOptions { GraphDimension = graphDimension },
            RelationSemantics = relationSemantics,
            Training = new SgmTrainingOptions
            {
                NumberOfEpochs = numberOfEpochs,
                BatchSize = batchSize,
                NegativesPerPositive = negativesPerPositive,
                LearningRate = learningRate,
            },
        });

    /// <summary>
    /// Create <see cref="SgmPretrainEstimator"/>, which trains a Semantic Graph Module to score triples, with all its options.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="graph">The graph whose training triples are the edges; null makes one of the true rows of the training data.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// using SgmTransformer model = ml.Transforms.SgmPretrain(graph, new()
    /// {
    ///     GraphModule = new SgmOptions { GraphDimension = 128, TrainableRelationSemantics = true },
    ///     RelationSemantics = RelationSemanticsSource.FromDefinitions("models/all-MiniLM-L6-v2"),
    ///     Training = new SgmTrainingOptions { NumberOfEpochs = 10, Negatives = NegativeSampling.Typed },
    /// }).Fit(graph.ToDataView());
    /// </code>
    /// </example>
    public static SgmPretrainEstimator SgmPretrain(
        this TransformsCatalog catalog, KnowledgeGraph? graph, SgmPretrainEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new SgmPretrainEstimator(MlNetInternals.Environment(catalog), graph, options);
    }
}
