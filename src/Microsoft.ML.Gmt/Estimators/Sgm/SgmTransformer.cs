using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A trained Semantic Graph Module with its graph: adds a score, embeddings of head and tail, and the evidence that stage 2 reads, to rows
/// that name triples.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="SgmPretrainEstimator"/>, or loaded by <c>ml.Model.Load</c>. On threads and disposal see
/// <see cref="BatchedTransformer"/>.</para>
/// <para>Where a row's triple is an edge of the graph, score and embeddings are those of a graph without that edge
/// (<see cref="TripleScoringTransformer.Mask"/>), so a row that was trained on looks as one that was not: what learns from these columns
/// cannot learn that a known fact is known.</para>
/// <para>Names are looked up as <see cref="KnowledgeGraph.FindEntity"/> does it: labels count, and a name in another case or normal form is
/// found with a warning. A row with a name that the graph lacks has no verdict: <c>Known</c> and <c>PredictedLabel</c> are false, score and
/// probability NaN, the evidence is empty, the vectors are 0. ML.NET's metrics pass such rows over in silence; a warning counts them when a
/// cursor is closed, and <see cref="SgmScoringOptions.UnknownNameHandling"/> makes them errors.</para>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// using SgmTransformer model = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 4).Fit(graph.ToDataView());
///
/// // Link prediction: how high do the right entities rank?
/// IDataView ranks = model.RankEntities(graph.ToDataView(GraphSplit.Test));
/// LinkPredictionMetrics metrics = ml.Ranking.EvaluateLinkPrediction(ranks);
/// Console.WriteLine($"MRR {metrics.MeanReciprocalRank:f3}, Hits@10 {metrics.HitsAt(10):p1}");
///
/// // Features of head and tail for any other trainer.
/// var pipeline = ml.Transforms.Concatenate("Features", "HeadEmbedding", "TailEmbedding")
///     .Append(ml.BinaryClassification.Trainers.SdcaLogisticRegression());
/// ITransformer classifier = pipeline.Fit(model.Transform(graph.ToLabeledDataView(GraphSplit.Validation)));
/// </code>
/// </example>
public sealed class SgmTransformer : TripleScoringTransformer
{
    internal const string LoaderSignature = "GmtSgmTransform";

    internal static readonly ModelFormat Format = new(
        Signature: "GMT SGM ",
        LoaderSignature,
        // 0x00010001: initial
        // 0x00010002: manifest.txt
        // 0x00010003: graph.txt in place of a graph that another transformer of the chain has
        Version: ModelFormat.WithSharedGraph,
        ReadableFrom: ModelFormat.WithSharedGraph);

    private readonly SgmScorer _model;

    internal SgmTransformer(IHostEnvironment environment, SgmScorer model, SgmTransformerSettings settings, TrainingHistory history)
        : base(
            environment, nameof(SgmTransformer), settings.BatchSize, model, settings.Columns, settings.Mask,
            settings.UnknownNameHandling) =>
        (_model, Settings, History) = (model, settings, history);

    /// <summary>The trained module; it belongs to the transformer.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    internal SgmModule Module => Model.Module;

    /// <summary>Loss, rate and validation figures of the training, step by step.</summary>
    public TrainingHistory History { get; }

    /// <summary>What came of the training run; null for a transformer that was loaded.</summary>
    public TrainingResult? TrainingResult { get; internal init; }

    internal SgmScorer Model
    {
        get
        {
            ThrowIfDisposed();
            return _model;
        }
    }

    /// <summary>The model, for who has begun a use of <see cref="BatchedTransformer.Lifetime"/>.</summary>
    internal SgmScorer ModelInUse => _model;

    internal SgmTransformerSettings Settings { get; }

    private protected override void Save(ModelSaveContext context)
    {
        var entries = new ModelEntryWriter(context, Format);

        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: SgmTransformerSettings
        // weights.safetensors: the module's parameters, sgm.*
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat; or
        // graph.txt: the folder of the transformer that has it
        // history.csv: the training's steps
        // manifest.txt: sizes and hashes of these files; none in version 0x00010001
        ModelFiles.WriteConfig(entries, Settings with { FittedOnTrainingTriples = TrainingTriples.AreAllOf(_model) });
        ModelFiles.WriteWeights(entries, SavedSgmModel.Weights(_model));
        ModelFiles.WriteGraph(entries, Graph);
        ModelFiles.WriteHistory(entries, History);
        entries.Finish();
    }

    internal static SgmTransformer Load(IHostEnvironment environment, ModelEntries entries)
    {
        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: SgmTransformerSettings
        // weights.safetensors: the module's parameters, sgm.*
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat; or
        // graph.txt: the folder of the transformer that has it
        // history.csv: the training's steps
        // manifest.txt: sizes and hashes of these files; none in version 0x00010001
        using IDisposable modes = TorchModes.Own();
        var settings = ModelFiles.ReadConfig<SgmTransformerSettings>(entries, settings => settings.Checked());
        KnowledgeGraph graph = ModelFiles.ReadGraph(entries);
        TrainingHistory history = ModelFiles.ReadHistory(entries);
        using SafetensorsFile weights = ModelFiles.ReadWeights(entries);
        using var scope = NewDisposeScope();
        SgmScorer model = SavedSgmModel.Restore(
            settings.GraphModule, graph, weights.Names.ToDictionary(name => name, weights.Get), weights.Path,
            TrainingTriples.Recorded(settings.FittedOnTrainingTriples, graph));
        model.Module.MoveTo(MlNetInternals.Device(environment));
        return new SgmTransformer(environment, model, settings, history);
    }

    private protected override BatchMapper NewMapper(DataViewSchema inputSchema) => new SgmMapper(
        this, inputSchema, NewUnknownNames(UnknownNames.NotScored(Settings.Outputs.Known)));

    private protected override void Free() => _model.Dispose();
}
