using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML;

/// <summary>Extends <see cref="TransformsCatalog"/> by stage 2 of Graph-as-Memory Tuning.</summary>
public static class GmtCatalog
{
    /// <summary>
    /// Create <see cref="GmtFinetuneEstimator"/>, which teaches a frozen language model to read the evidence of triples and to judge them.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="baseModel">Folder of the language model, as Hugging Face lays it out.</param>
    /// <param name="headColumnName">The column of the head: text, or a key with text key values.</param>
    /// <param name="relationColumnName">The column of the relation: text, or a key with text key values.</param>
    /// <param name="tailColumnName">The column of the tail: text, or a key with text key values.</param>
    /// <param name="labelColumnName">The column that says which rows are true, Boolean.</param>
    /// <param name="evidenceColumnName">The column that stage 1 adds.</param>
    /// <param name="numberOfEpochs">Passes over the rows.</param>
    /// <param name="batchSize">Rows a step.</param>
    /// <param name="learningRate">The peak of the learning rate.</param>
    /// <param name="trainGraphModule">Whether the graph module learns too, a copy of it.</param>
    /// <param name="featureColumnName">
    /// A column of numbers about each triple, a vector of Single, that becomes memory beside the graph; null for none. See
    /// <see cref="GmtFinetuneEstimator.Options.FeatureColumnName"/>.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// IDataView facts = graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
    /// ITransformer model = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 4).Append(ml.Transforms.GmtFinetune("models/tiny-llama")).Fit(facts);
    /// BinaryClassificationMetrics verdicts = ml.BinaryClassification.Evaluate(model.Transform(graph.ToLabeledDataView(GraphSplit.Test)));
    /// </code>
    /// </example>
    public static GmtFinetuneEstimator GmtFinetune(
        this TransformsCatalog catalog,
        string baseModel,
        string headColumnName = "Head",
        string relationColumnName = "Relation",
        string tailColumnName = "Tail",
        string labelColumnName = "Label",
        string evidenceColumnName = "Evidence",
        int? numberOfEpochs = null,
        int batchSize = GmtTrainingOptions.Defaults.BatchSize,
        double? learningRate = null,
        bool trainGraphModule = false,
        string? featureColumnName = null) => catalog.GmtFinetune(baseModel, new GmtFinetuneEstimator.Options
        {
            Columns = new TripleColumnNames
            {
                Head = headColumnName,
                Relation = relationColumnName,
                Tail = tailColumnName,
                Label = labelColumnName,
            },
            EvidenceColumnName = evidenceColumnName,
            FeatureColumnName = featureColumnName,
            Training = new GmtTrainingOptions
            {
                NumberOfEpochs = numberOfEpochs,
                BatchSize = batchSize,
                LearningRate = learningRate,
                TrainGraphModule = trainGraphModule,
            },
        });

    /// <summary>
    /// Create <see cref="GmtFinetuneEstimator"/>, which teaches a frozen language model to read the evidence of triples, with all its
    /// options.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="baseModel">Folder of the language model, as Hugging Face lays it out.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// var pipeline = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 4).Append(ml.Transforms.GmtFinetune("models/tiny-llama", new()
    /// {
    ///     Memory = new MemoryOptions { MemoryTokens = 8 },
    ///     Training = new GmtTrainingOptions { NumberOfEpochs = 5, EarlyStoppingPatience = 1 },
    ///     HeldOutRows = 500,
    /// }));
    /// ITransformer model = pipeline.Fit(graph.ToLabeledDataView(GraphSplit.Validation));
    /// </code>
    /// </example>
    public static GmtFinetuneEstimator GmtFinetune(this TransformsCatalog catalog, string baseModel, GmtFinetuneEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(baseModel);
        ArgumentNullException.ThrowIfNull(options);
        return new GmtFinetuneEstimator(MlNetInternals.Environment(catalog), baseModel, options);
    }
}
