using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Learns a vector for each entity and each relation of a knowledge graph, so that true triples score high.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use [EmbedKnowledgeGraph](xref:Microsoft.ML.KgeCatalog.EmbedKnowledgeGraph*).
///
/// ### Input and output columns
/// Head, relation and tail are text, or keys with text key values; head and tail share one vocabulary. A Boolean label is optional: the
/// model learns from the rows where it is true. The transformer adds
///
/// | column | type | what it is |
/// | --- | --- | --- |
/// | `Score` | Single | the model's score of the triple; the higher, the likelier |
/// | `HeadEmbedding`, `TailEmbedding` | vector of Single | the entities' vectors, features for any trainer |
/// | `RelationEmbedding` | vector of Single | the relation's vector |
/// | `Known` | Boolean | whether the graph has the row's names; where not, the score is NaN and the vectors are 0 |
///
/// ### Trainer characteristics
/// | | |
/// | --- | --- |
/// | Machine learning task | Ranking of the entities that complete a triple |
/// | Is normalization required? | No |
/// | Is caching required? | No: the rows are read once and kept |
/// | Required NuGet in addition to Microsoft.ML | Gmt.MLNet, and libtorch for the system, such as libtorch-cpu-linux-x64 |
/// | Exportable to ONNX | No |
///
/// ### Training algorithm details
/// ComplEx, DistMult and RESCAL learn by 1-vs-all cross-entropy, with a second vector for each relation by which heads are asked for, the
/// nuclear 3-norm and Adagrad (Lacroix et al. 2018, arXiv 1806.07297); RotatE and TransE by self-adversarial negative sampling and Adam
/// (Sun et al. 2019, arXiv 1902.10197). What is left open is settled by model and graph. Training and scoring run on the CPU.
///
/// An embedding has learned the triples that it was trained on, and cannot leave one out when it scores it: rows that it was fitted on get
/// higher scores than equally true ones that it was not. `Scorer.FittedOn` tells which those are.
/// ]]></format>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// KgeEstimator estimator = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.ComplEx);
///
/// // Keeps the epoch that ranks the validation triples best.
/// using KgeTransformer model = estimator.Fit(graph.ToDataView(), graph.ToDataView(GraphSplit.Validation));
/// </code>
/// </example>
/// <seealso cref="KgeCatalog"/>
/// <seealso cref="Options"/>
/// <seealso cref="KgeTransformer"/>
public sealed partial class KgeEstimator : IEstimator<KgeTransformer>
{
    private readonly IHost _host;
    private readonly KnowledgeGraph? _graph;
    private readonly KgeModel _model;
    private readonly Options _options;
    private readonly int _seed;

    internal KgeEstimator(IHostEnvironment environment, KnowledgeGraph? graph, KgeModel model, Options options)
    {
        options.Check();
        ShapeOf(model, options.Training).Check();
        _host = environment.Register(nameof(KgeEstimator));
        (_graph, _model, _options) = (graph, model, options);
        _seed = options.Training.Seed ?? MlNetInternals.Seed(environment) ?? RandomStreams.DefaultSeed;
    }

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TripleBinding.Check(inputSchema, _options.Columns);
        return inputSchema.With(KgeMapper.Columns(KgeTransformerSettings.Of(_options, ShapeOf(_model, _options.Training))));
    }

    /// <summary>Trains on the rows that are true.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be trained on.</exception>
    /// <exception cref="InsufficientMemoryException">By an estimate, the run takes more memory than there is.</exception>
    public KgeTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the rows that are true, and keeps the epoch that ranks the true rows of other data best.</summary>
    /// <param name="trainData">What is trained on.</param>
    /// <param name="validationData">
    /// What epochs are judged by: filtered mean reciprocal rank of head and tail. Null for no such data.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be trained on.</exception>
    /// <exception cref="InsufficientMemoryException">By an estimate, the run takes more memory than there is.</exception>
    public KgeTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        using IDisposable modes = TorchModes.Own();
        using IChannel channel = _host.Start("Training");
        using var cancellation = new HostCancellation(_host, _options.CancellationToken);
        KnowledgeGraph graph = _graph ?? GraphFromRows.Read(trainData, validationData, null, _options.Columns, addInverse: false);
        var rows = new TrainingRows(_host, channel, graph, _options.Columns, _options.UnknownNameHandling);
        Triple[] triples = rows.ToLearnFrom(trainData);
        Triple[] validation = rows.ToJudgeBy(validationData, _options.ValidateOnGraph, _options.Training.EarlyStoppingPatience);
        return Train(graph, triples, validation, channel, cancellation.Token);
    }

    private static KgeShape ShapeOf(KgeModel model, KgeTrainingOptions training) => new()
    {
        Model = model,
        EmbeddingDimension = training.EmbeddingDimension ?? KgeDefaults.DimensionOf(model),
        ReciprocalRelations = training.ReciprocalRelations ?? true, // no matter to the columns
        DistanceNorm = training.DistanceNorm,
    };

    private KgeTransformer Train(
        KnowledgeGraph graph, Triple[] triples, Triple[] validation, IChannel channel, CancellationToken cancellationToken)
    {
        var log = new TrainingLog(channel, _options.Training.Progress);
        KgeTrainingOptions training = KgeTrainer.Settle(_options.Training with { Seed = _seed, Progress = log }, _model, graph, triples);
        CheckMemory(graph, training);
        KgeShape shape = training.ShapeOf(_model);
        var module = KgeModule.Create(shape, graph.Bounds, training.InitialScale!.Value, new RandomStreams(_seed));
        try
        {
            TrainingResult result = KgeTrainer.Train(
                module, graph, training, triples, validation, _options.Processes?.Ranks, cancellationToken);
            log.Finish(result, "filtered mean reciprocal rank");
            var scorer = new KgeScorer(module, graph, () => KnownTriples.Of(graph, triples));
            KgeTransformerSettings settings = KgeTransformerSettings.Of(_options, shape);
            return new KgeTransformer(_host, scorer, settings, result.History) { TrainingResult = result };
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    private void CheckMemory(KnowledgeGraph graph, KgeTrainingOptions training)
    {
        double needed = KgeTrainer.BytesOf(_model, graph.Bounds, training), total = MachineMemory.Total();
        if (needed > total)
        {
            throw new InsufficientMemoryException(FormattableString.Invariant(
                $"{_model} of {graph.Bounds} takes some {needed / (1 << 30):f1} GB in training, and there are {total / (1 << 30):f1}. ")
                + FormattableString.Invariant(
                    $"Lower EmbeddingDimension ({training.EmbeddingDimension}) or BatchSize ({training.BatchSize}), ")
                + $"or compare with samples (Loss = {nameof(KgeLoss)}.{nameof(KgeLoss.NegativeSampling)}).");
        }
    }
}
