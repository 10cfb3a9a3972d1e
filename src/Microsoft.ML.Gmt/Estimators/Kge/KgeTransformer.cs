using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A trained embedding of a knowledge graph: adds a score and the vectors of head, relation and tail to rows that name triples.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="KgeEstimator"/>, or loaded by <c>ml.Model.Load</c>. On threads and disposal see
/// <see cref="BatchedTransformer"/>.</para>
/// <para>Triples that it was trained on score higher than equally true ones that it was not: an embedding cannot leave an edge out.
/// <see cref="ITripleScorer.FittedOn"/> of <see cref="TripleScoringTransformer.Scorer"/> tells which it has seen. What shall learn from its
/// columns needs rows that are none of these, such as the labeled triples of a validation split.</para>
/// <para>Names are looked up as <see cref="KnowledgeGraph.FindEntity"/> does it: labels count, and a name in another case or normal form is
/// found with a warning. A row with a name that the graph lacks has <c>Known</c> false, the score NaN and vectors of 0; a warning counts
/// such rows when a cursor is closed, and <see cref="KgeEstimator.Options.UnknownNameHandling"/> makes them errors.</para>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// using KgeTransformer model = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.ComplEx).Fit(graph.ToDataView());
///
/// // Features of a triple for any other trainer.
/// var pipeline = ml.Transforms.Concatenate("Features", "Score", "HeadEmbedding", "TailEmbedding")
///     .Append(ml.BinaryClassification.Trainers.SdcaLogisticRegression());
/// ITransformer classifier = pipeline.Fit(model.Transform(graph.ToLabeledDataView(GraphSplit.Validation)));
/// </code>
/// </example>
public sealed class KgeTransformer : TripleScoringTransformer
{
    internal const string LoaderSignature = "GmtKgeTransform";

    internal static readonly ModelFormat Format = new(
        Signature: "GMT KGE ",
        LoaderSignature,
        // 0x00010002: initial, with manifest.txt as all from this version on
        Version: ModelFormat.WithManifest,
        ReadableFrom: ModelFormat.WithManifest);

    private readonly KgeScorer _model;

    internal KgeTransformer(IHostEnvironment environment, KgeScorer model, KgeTransformerSettings settings, TrainingHistory history)
        : base(
            environment, nameof(KgeTransformer), settings.BatchSize, model, settings.Columns, QueryMask.None,
            settings.UnknownNameHandling) =>
        (_model, Settings, History) = (model, settings, history);

    /// <summary>How vectors make a score.</summary>
    public KgeModel EmbeddingModel => Settings.Shape.Model;

    /// <summary>Loss, rate and validation figures of the training, step by step.</summary>
    public TrainingHistory History { get; }

    /// <summary>What came of the training run; null for a transformer that was loaded.</summary>
    public TrainingResult? TrainingResult { get; internal init; }

    /// <summary>The kind of embedding, and its graph.</summary>
    public override string ToString() => $"{EmbeddingModel} embedding of {Graph}";

    internal KgeScorer Model
    {
        get
        {
            ThrowIfDisposed();
            return _model;
        }
    }

    /// <summary>The model, for who has begun a use of <see cref="BatchedTransformer.Lifetime"/>.</summary>
    internal KgeScorer ModelInUse => _model;

    internal KgeTransformerSettings Settings { get; }

    private protected override void Save(ModelSaveContext context)
    {
        var entries = new ModelEntryWriter(context, Format);

        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: KgeTransformerSettings
        // weights.safetensors: entity_embeddings, relation_embeddings
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat
        // history.csv: the training's steps
        // manifest.txt: sizes and hashes of these files
        ModelFiles.WriteConfig(entries, Settings with { FittedOnTrainingTriples = TrainingTriples.AreAllOf(_model) });
        ModelFiles.WriteWeights(entries, SavedKgeModel.Weights(_model.Module));
        ModelFiles.WriteGraph(entries, Graph);
        ModelFiles.WriteHistory(entries, History);
        entries.Finish();
    }

    internal static KgeTransformer Load(IHostEnvironment environment, ModelEntries entries)
    {
        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: KgeTransformerSettings
        // weights.safetensors: entity_embeddings, relation_embeddings
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat
        // history.csv: the training's steps
        // manifest.txt: sizes and hashes of these files
        using IDisposable modes = TorchModes.Own();
        var settings = ModelFiles.ReadConfig<KgeTransformerSettings>(entries, settings => settings.Checked());
        KnowledgeGraph graph = ModelFiles.ReadGraph(entries);
        TrainingHistory history = ModelFiles.ReadHistory(entries);
        using SafetensorsFile weights = ModelFiles.ReadWeights(entries);
        KgeModule module = SavedKgeModel.Restore(settings.Shape, graph, weights);
        var scorer = new KgeScorer(module, graph, TrainingTriples.Recorded(settings.FittedOnTrainingTriples, graph));
        return new KgeTransformer(environment, scorer, settings, history);
    }

    private protected override BatchMapper NewMapper(DataViewSchema inputSchema) => new KgeMapper(
        this, inputSchema, NewUnknownNames($"their {Settings.Outputs.Known} is false, their score NaN"));

    private protected override void Free() => _model.Dispose();
}
