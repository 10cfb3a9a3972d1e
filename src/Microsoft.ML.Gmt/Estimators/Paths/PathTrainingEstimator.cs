using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Trains a path model on a knowledge graph, so that true triples score high by the paths between their ends.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use [TrainPathModel](xref:Microsoft.ML.PathTrainingCatalog.TrainPathModel*).
///
/// ### Input and output columns
/// Head, relation and tail are text, or keys with text key values; head and tail share one vocabulary. A Boolean label is optional: the
/// model learns from the rows where it is true. The transformer adds
///
/// | column | type | what it is |
/// | --- | --- | --- |
/// | `Score` | Single | the mean of both logits; not calibrated |
/// | `HeadScore`, `TailScore` | Single | the logit of the head among the heads of (?, relation, tail), and of the tail among the tails |
/// | `Known` | Boolean | whether the graph has the row's names; where not, the scores are NaN |
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
/// A light NBFNet (Zhu et al. 2021, arXiv 2106.06935). A query (e, r, ?) starts with a vector of r at e; in each of three layers every
/// entity sums what its neighbors say, multiplied by a vector of the edge's relation that depends on r, and scaled by its degree; a small
/// network scores the entities. There is no parameter for any entity, so the model serves entities that it never saw, and the paths that
/// carried a score can be read off (`ExplainPaths`). The answers of a query are dealt out to a few questions; a question does not see the
/// edges that state its own answers, and other known answers are no rivals. Loss: cross-entropy over all entities; Adam with warm-up and
/// decay. With `StartFrom`, all weights of a checkpoint of ULTRA's architecture are trained by the same questions in place of a net of
/// one's own. Messages run along the graph's training triples, whatever rows are trained on. Training runs on the CPU, as does scoring.
/// ]]></format>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// using PathScoringTransformer model = ml.Transforms.TrainPathModel(graph).Fit(graph.ToDataView());
/// LinkPredictionMetrics links = ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test)));
/// Console.WriteLine($"MRR {links.MeanReciprocalRank:f3}");
/// </code>
/// </example>
/// <seealso cref="PathTrainingCatalog"/>
/// <seealso cref="Options"/>
/// <seealso cref="PathScoringTransformer"/>
public sealed partial class PathTrainingEstimator : IEstimator<PathScoringTransformer>
{
    private readonly IHost _host;
    private readonly KnowledgeGraph _graph;
    private readonly Options _options;
    private readonly FoundationModel? _start;
    private readonly int _seed;

    internal PathTrainingEstimator(IHostEnvironment environment, KnowledgeGraph graph, Options options)
    {
        options.Check();
        _host = environment.Register(nameof(PathTrainingEstimator));
        (_graph, _options) = (graph, options);
        _start = options.StartFrom is { } file ? FoundationCheckpoint.Read(file) : null;
        _seed = options.Training.Seed ?? MlNetInternals.Seed(environment) ?? RandomStreams.DefaultSeed;
    }

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TripleBinding.Check(inputSchema, _options.Columns);
        return inputSchema.With(PathScoringMapper.Columns(PathScoringSettings.Of(_options, PathModelOrigin.TrainedFrom(null))));
    }

    /// <summary>Trains on the rows that are true.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be trained on.</exception>
    public PathScoringTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on the rows that are true, and keeps the epoch that ranks the true rows of other data best.</summary>
    /// <param name="trainData">What is trained on.</param>
    /// <param name="validationData">
    /// What epochs are judged by: filtered mean reciprocal rank of head and tail. Null for the graph's validation triples
    /// (<see cref="Options.ValidateOnGraph"/>).
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be trained on.</exception>
    public PathScoringTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        using IDisposable modes = TorchModes.Own();
        using IChannel channel = _host.Start("Training");
        using var cancellation = new HostCancellation(_host, _options.CancellationToken);
        var rows = new TrainingRows(_host, channel, _graph, _options.Columns, _options.UnknownNameHandling);
        Triple[] triples = rows.ToLearnFrom(trainData);
        Triple[] validation = rows.ToJudgeBy(validationData, _options.ValidateOnGraph, _options.Training.EarlyStoppingPatience);
        var log = new TrainingLog(channel, _options.Training.Progress);
        PathTrainingOptions training =
            (_options.Training with { Seed = _seed, Progress = log }).Settle(isFineTuning: _start is not null, triples);
        (PathModel model, TrainingResult result) = PathTrainer.Train(
            _graph, _start, training, triples, validation, _options.Processes?.Ranks, cancellation.Token);
        log.Finish(result, "filtered mean reciprocal rank");
        var scorer = new PathScorer(model, _graph, () => KnownTriples.Of(_graph, triples), _options.MaximumExpandedEntities);
        PathScoringSettings settings = PathScoringSettings.Of(_options, model.Origin) with
        {
            IsTrained = true,
            Shape = (model as TrainedPathModel)?.Shape,
        };
        return new PathScoringTransformer(_host, scorer, settings) { TrainingResult = result };
    }
}
