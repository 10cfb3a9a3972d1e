using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>Trains a Semantic Graph Module, stage 1 of Graph-as-Memory Tuning, to score true triples above corrupted ones.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use [SgmPretrain](xref:Microsoft.ML.SgmCatalog.SgmPretrain*).
///
/// ### Input and output columns
/// Head, relation and tail are text, or keys with text key values; head and tail share one vocabulary. A Boolean label is optional: the module learns
/// from the rows where it is true. The transformer adds
///
/// | column | type | what it is |
/// | --- | --- | --- |
/// | `Evidence` | GraphEvidence | the triple with the edges of its head and tail, for stage 2 |
/// | `Score` | Single | DistMult over the entities' vectors, a logit |
/// | `Probability` | Single | the score's logistic |
/// | `PredictedLabel` | Boolean | whether the score is above 0 |
/// | `HeadEmbedding`, `TailEmbedding` | vector of Single | the entities' vectors, features for any trainer |
/// | `Known` | Boolean | whether the graph has the row's names; where not, score and probability are NaN |
///
/// ### Trainer characteristics
/// | | |
/// | --- | --- |
/// | Machine learning task | Binary classification of triples, and ranking of the entities that complete one |
/// | Is normalization required? | No |
/// | Is caching required? | No: the rows are read once and kept |
/// | Required NuGet in addition to Microsoft.ML | Gmt.MLNet, and libtorch for the system, such as libtorch-cpu-linux-x64 |
/// | Exportable to ONNX | No |
///
/// ### Training algorithm details
/// An edge (r, n) is encoded from its relation and from the relations of n's edges that are most similar to it, an entity as the mean of its edges
/// (Graph-as-Memory Tuning, arXiv 2510.08966). Trained by AdamW on the logistic loss of true triples and of triples whose head or tail was replaced by a
/// random entity. Edges come from the training triples of the graph given, else from the true rows. A triple is scored without the edges that state it, in
/// training and in the transformer's columns; the published method lets it see them, as `Mask` = `QueryMask.None` does.
/// ]]></format>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// SgmPretrainEstimator estimator = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 4);
/// using SgmTransformer first = estimator.Fit(graph.ToDataView());
///
/// // Goes on with the weights of the first training, and keeps those that are best on the validation triples.
/// using SgmTransformer second = estimator.Fit(graph.ToDataView(), graph.ToDataView(GraphSplit.Validation), startFrom: first);
/// </code>
/// </example>
/// <seealso cref="SgmCatalog"/>
/// <seealso cref="Options"/>
/// <seealso cref="SgmTransformer"/>
/// <seealso cref="GmtFinetuneEstimator"/>
public sealed partial class SgmPretrainEstimator : IEstimator<SgmTransformer>
{
    private readonly IHost _host;
    private readonly KnowledgeGraph? _graph;
    private readonly Options _options;
    private readonly int _seed;

    internal SgmPretrainEstimator(IHostEnvironment environment, KnowledgeGraph? graph, Options options)
    {
        options.Check();
        _host = environment.Register(nameof(SgmPretrainEstimator));
        (_graph, _options) = (graph, options);
        _seed = options.Training.Seed ?? MlNetInternals.Seed(environment) ?? RandomStreams.DefaultSeed;
    }

    internal Options ChosenOptions => _options;

    private SgmTransformerSettings Settings => SgmTransformerSettings.Of(_options, _options.GraphModule, _options.Mask ?? QueryMask.Full);

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TripleBinding.Check(inputSchema, _options.Columns);
        return inputSchema.WithAnnotated(EvidenceAnnotation.Of(inputSchema, _options.Columns)).With(SgmMapper.Columns(Settings));
    }

    /// <summary>Trains on the rows that are true.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be trained on, or the relation semantics do not fit the graph.</exception>
    /// <exception cref="InsufficientMemoryException">By an estimate, a step takes more memory than there is.</exception>
    public SgmTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the rows that are true, keeps the epoch that ranks the true rows of other data best, and may go on from a trained module.</summary>
    /// <param name="trainData">What is trained on.</param>
    /// <param name="validationData">
    /// What epochs are judged by: filtered mean reciprocal rank of head and tail, under the same mask as in training. Null for no such data.
    /// </param>
    /// <param name="startFrom">
    /// A module whose weights the training starts from, such as one out of a checkpoint (<see cref="CheckpointCatalog.LoadSgmCheckpoint"/>); it is not
    /// changed. Its graph and its shape are taken in place of the options'; the mask is the options'. Null for a new one.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be trained on, or the relation semantics do not fit the graph.</exception>
    /// <exception cref="InsufficientMemoryException">By an estimate, a step takes more memory than there is.</exception>
    public SgmTransformer Fit(IDataView trainData, IDataView? validationData, SgmTransformer? startFrom = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        using IDisposable modes = TorchModes.Own();
        using IChannel channel = _host.Start("Training");
        if (startFrom is not null && startFrom.Mask != Settings.Mask)
        {
            channel.Warning(
                MessageSensitivity.None, "The module to start from has another mask than the options; from here on the options' counts.");
        }

        using var cancellation = new HostCancellation(_host, _options.CancellationToken);
        KnowledgeGraph graph = startFrom?.Graph ?? _graph ?? GraphFromRows.Read(trainData, validationData, null, _options.Columns, _options.AddInverse);
        var rows = new TrainingRows(_host, channel, graph, _options.Columns, _options.UnknownNameHandling);
        Triple[] triples = rows.ToLearnFrom(trainData);
        SgmTrainingOptions training = _options.Training;
        if (training.DropLastBatch && triples.Length < training.BatchSize && training.NumberOfEpochs != 0)
        {
            throw new NothingToTrainOnException(
                $"DropLastBatch leaves out batches that are not full; {triples.Length:N0} triples fill none of {training.BatchSize:N0}. "
                + "Lower BatchSize.");
        }

        Triple[] validation = rows.ToJudgeBy(validationData, _options.ValidateOnGraph, training.EarlyStoppingPatience);
        return Train(startFrom, graph, triples, validation, channel, cancellation.Token);
    }

    /// <summary>A module with its initial values, for stage 2 without a stage 1.</summary>
    internal SgmTransformer Untrained(KnowledgeGraph graph)
    {
        using IDisposable modes = TorchModes.Own();
        using IChannel channel = _host.Start("Initialization");
        return new SgmTransformer(_host, new SgmScorer(NewModule(graph, channel), graph), Settings, TrainingHistory.Empty);
    }

    private SgmTransformer Train(
        SgmTransformer? startFrom, KnowledgeGraph graph, Triple[] triples, Triple[] validation, IChannel channel, CancellationToken cancellationToken)
    {
        var log = new TrainingLog(channel, _options.Training.Progress);
        SgmModule module = startFrom is null ? NewModule(graph, channel) : Copy(startFrom);
        try
        {
            var trainer = new SgmTrainer(module, graph, _options.Training with { Seed = _seed, Mask = Settings.Mask, Progress = log })
            {
                Ranks = _options.Processes?.Ranks ?? SingleRank.Instance,
            };
            TrainingResult result = trainer.Train(triples, validation, Foresee, cancellationToken);
            log.Finish(result, "filtered mean reciprocal rank");
            WarnIfNothingWasLearned(result, channel);
            var scorer = new SgmScorer(module, graph, trainer.States.Current, FittedOn(startFrom, graph, triples));
            return new SgmTransformer(_host, scorer, Settings with { GraphModule = module.Options }, result.History) { TrainingResult = result };
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    private void Foresee(SgmWorkload workload)
    {
        ReadingLog.Write(_host, $"Stage 1: {workload}");
        if (MlNetInternals.Device(_host).type == DeviceType.CPU)
        {
            workload.Check(MachineMemory.Total(), _options.Training.BatchSize);
        }
    }

    private static void WarnIfNothingWasLearned(TrainingResult result, IChannel channel)
    {
        if (!result.IsCancelled && result.History.EpochLosses is [.., double last]
            && last > LearningCheck.NearGuessing * LogisticLoss.OfZeroScores)
        {
            string figures = FormattableString.Invariant($"its loss is {last:f3}, and equal scores give {LogisticLoss.OfZeroScores:f3}");
            channel.Warning(
                MessageSensitivity.None,
                last > LogisticLoss.OfZeroScores / LearningCheck.NearGuessing
                    ? $"Stage 1 went astray: {figures}. Try a lower learning rate."
                    : $"Stage 1 learned next to nothing: {figures}. Try more epochs or a higher learning rate.");
        }
    }

    private static SgmModule Copy(SgmTransformer other)
    {
        using NativeLifetime.Use use = other.Lifetime.Begin();
        return other.ModelInUse.Clone().Module;
    }

    /// <summary>All that the module has seen; unknown where more was seen before than is known now.</summary>
    private static Func<KnownTriples?> FittedOn(SgmTransformer? startFrom, KnowledgeGraph graph, Triple[] triples)
    {
        if (startFrom is null)
        {
            return () => KnownTriples.Of(graph, triples);
        }

        SgmScorer before = startFrom.Model;
        return () => before.FittedOn is { } seen && Array.TrueForAll(triples, seen.Contains) ? seen : null;
    }

    private SgmModule NewModule(KnowledgeGraph graph, IChannel channel)
    {
        TorchRuntime.EnsureLoaded();
        if (_options.RelationSemantics is null)
        {
            channel.Warning(
                MessageSensitivity.None,
                "Relations start from random vectors, for no relation semantics were given; vectors of what relations mean serve better "
                + "(Options.RelationSemantics).");
        }

        using DisposeScope scope = NewDisposeScope();
        var streams = new RandomStreams(_seed);
        var module = new SgmModule(_options.GraphModule, (_options.RelationSemantics ?? RelationSemanticsSource.Random()).Load(graph, streams), streams);
        module.MoveTo(MlNetInternals.Device(_host));
        return module;
    }
}
