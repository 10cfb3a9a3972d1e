using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Stage 1 as a task of the training loop.</summary>
internal sealed class SgmTrainingTask : ITrainingTask<(Triple[] Positives, Triple[] Negatives)>, IDisposable
{
    private readonly SgmModule _module;
    private readonly KnowledgeGraph _graph;
    private readonly GraphEdgeStateIndex _states;
    private readonly SgmTrainingOptions _options;
    private readonly Triple[] _triples;
    private readonly TripleBatches _batches;
    private readonly SgmStep _step;
    private readonly IReadOnlyList<Triple> _validation;
    private readonly Lazy<KnownTriples> _filter;

    /// <param name="module">The module to be trained; not disposed.</param>
    /// <param name="graph">The graph whose edges are encoded.</param>
    /// <param name="states">The graph's edge states, kept in step with the module.</param>
    /// <param name="options">How it trains.</param>
    /// <param name="triples">True triples to train on.</param>
    /// <param name="validation">True triples to rank all entities for; may be empty.</param>
    /// <param name="ranks">The processes that train together; null for this one alone.</param>
    public SgmTrainingTask(
        SgmModule module, KnowledgeGraph graph, GraphEdgeStateIndex states, SgmTrainingOptions options, Triple[] triples,
        IReadOnlyList<Triple> validation, ICollective? ranks = null)
    {
        var streams = new RandomStreams(options.SeedOrDefault);
        (_module, _graph, _states, _options, _triples, _validation) = (module, graph, states, options, triples, validation);
        _batches = new TripleBatches(graph, triples, options, streams);
        _step = new SgmStep(module, states, options, streams, ranks);
        _filter = new(() => new KnownTriples(graph, GraphSplit.Train, GraphSplit.Validation));
    }

    public string Stage => "SGM";

    public int RowsPerEpoch => _batches.RowsPerEpoch;

    public long StepsPerEpoch => _batches.StepsPerEpoch;

    public GradientStep Gradients => _step.Gradients;

    public bool HasValidation => _validation.Count > 0;

    public bool IsHigherBetter => true;

    public IEnumerable<(string Name, ITrainingState State)> State =>
        [("weights", TrainingState.OfWeights(_module)), ("dropout", TrainingState.OfDropout(_step.Dropout))];

    /// <summary>Estimates what the run will take.</summary>
    public SgmWorkload Estimate() => SgmWorkload.Estimate(_module, _states.Current, _batches, _options, _validation.Count);

    public IEnumerable<(Triple[] Positives, Triple[] Negatives)> Epoch(int epoch, long firstStep) => _batches.Epoch(epoch, firstStep);

    public int RowsIn((Triple[] Positives, Triple[] Negatives) batch) => batch.Positives.Length;

    public double Take((Triple[] Positives, Triple[] Negatives) batch, long step) => _step.Take(batch.Positives, batch.Negatives, step);

    public double Validate(CancellationToken cancellationToken)
    {
        using var scorer = new SgmScorer(_module, _graph, _states.Refresh(_module)) { OwnsModule = false };
        return EntityRanking.MeanReciprocalRank(
            EntityRanking.Rank(scorer, _validation, _filter.Value, _options.Mask, cancellationToken: cancellationToken));
    }

    public void Refresh() => _states.Refresh(_module);

    public IReadOnlyList<(string Name, string Value)> Identity() =>
    [
        .. ResumeFingerprint.Of(_options), .. ResumeFingerprint.Of(_module.Options, "graph module"), .. GraphIdentity.Of(_graph),
        ("hidden from a negative", _options.Mask == QueryMask.None ? "nothing" : "what it was drawn from"),
        ("training triples", GraphIdentity.Describe(_triples)),
        ("validation triples", GraphIdentity.Describe([.. _validation])),
        ("frozen weights", WeightHash.Of(_module.named_parameters().Where(pair => !pair.parameter.requires_grad))),
        ("device", TrainingState.DeviceOf(_module.parameters().First())),
    ];

    public void Dispose() => _step.Dispose();
}
