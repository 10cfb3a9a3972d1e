using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A path model as a task of the training loop.</summary>
internal sealed class PathTrainingTask : ITrainingTask<PathTrainingQuery[]>, IDisposable
{
    private readonly IPathModule _module;
    private readonly KnowledgeGraph _graph;
    private readonly PathTrainingOptions _options;
    private readonly PathModelOrigin _origin;
    private readonly Triple[] _triples, _validation;
    private readonly PathQueries _queries;
    private readonly PathStep _step;
    private readonly Lazy<KnownTriples> _filter;

    /// <param name="module">What is trained; not disposed.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="messages">Its edges.</param>
    /// <param name="origin">What the weights started from.</param>
    /// <param name="options">Settled options.</param>
    /// <param name="triples">True triples to train on.</param>
    /// <param name="validation">True triples to rank all entities for; may be empty.</param>
    /// <param name="ranks">The processes that train together; null for this one alone.</param>
    public PathTrainingTask(
        IPathModule module, KnowledgeGraph graph, MessageGraph messages, PathModelOrigin origin, PathTrainingOptions options,
        Triple[] triples, Triple[] validation, ICollective? ranks = null)
    {
        (_module, _graph, _origin, _options, _triples) = (module, graph, origin, options, triples);
        _validation = Sample(validation, options);
        _queries = new PathQueries(graph, messages, triples, options);
        _step = new PathStep(module, options, StepsPerEpoch * options.NumberOfEpochs!.Value, ranks);
        _filter = new(() => new KnownTriples(graph, triples, GraphSplit.Train, GraphSplit.Validation));
    }

    public string Stage => "Path model";

    public int RowsPerEpoch => _queries.Count;

    public long StepsPerEpoch => EpochBudget.StepsPerEpoch(_queries.Count, _options.BatchSize);

    public GradientStep Gradients => _step.Gradients;

    public bool HasValidation => _validation.Length > 0;

    public bool IsHigherBetter => true;

    public IEnumerable<(string Name, ITrainingState State)> State => [("weights", TrainingState.OfWeights(_module.Weights))];

    public IEnumerable<PathTrainingQuery[]> Epoch(int epoch, long firstStep) => _queries.Epoch(epoch, firstStep);

    public int RowsIn(PathTrainingQuery[] batch) => batch.Length;

    public double Take(PathTrainingQuery[] batch, long step) => _step.Take(batch, step);

    public double Validate(CancellationToken cancellationToken)
    {
        using var scorer = new PathScorer(_module.Snapshot(_origin), _graph);
        return EntityRanking.MeanReciprocalRank(
            EntityRanking.Rank(scorer, _validation, _filter.Value, QueryMask.Full, cancellationToken: cancellationToken));
    }

    public void Refresh()
    {
        // Nothing is computed from the weights ahead of its use.
    }

    public IReadOnlyList<(string Name, string Value)> Identity() =>
    [
        ("start", _origin.Sha256), .. ResumeFingerprint.Of(_options), .. GraphIdentity.Of(_graph),
        ("training triples", GraphIdentity.Describe(_triples)), ("validation triples", GraphIdentity.Describe(_validation)),
    ];

    public void Dispose() => _step.Dispose();

    // The same ones in every epoch.
    private static Triple[] Sample(Triple[] triples, PathTrainingOptions options)
    {
        if (triples.Length <= options.MaximumValidationTriples)
        {
            return triples;
        }

        Triple[] shuffled = [.. triples];
        CounterRandom random = new RandomStreams(options.SeedOrDefault).Stream("path-validation", 0);
        random.Shuffle(shuffled.AsSpan());
        return shuffled[..options.MaximumValidationTriples];
    }
}
