using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>An embedding as a task of the training loop.</summary>
internal sealed class KgeTrainingTask : ITrainingTask<KgeBatch>, IDisposable
{
    private readonly KgeModule _module;
    private readonly KnowledgeGraph _graph;
    private readonly KgeTrainingOptions _options;
    private readonly Triple[] _triples;
    private readonly IReadOnlyList<Triple> _validation;
    private readonly KgeBatches _batches;
    private readonly KgeStep _step;
    private readonly Lazy<KnownTriples> _filter;

    /// <param name="module">What is trained; not disposed.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="options">Settled options.</param>
    /// <param name="triples">True triples to train on.</param>
    /// <param name="validation">True triples to rank all entities for; may be empty.</param>
    /// <param name="ranks">The processes that train together; null for this one alone.</param>
    public KgeTrainingTask(
        KgeModule module, KnowledgeGraph graph, KgeTrainingOptions options, Triple[] triples, IReadOnlyList<Triple> validation,
        ICollective? ranks = null)
    {
        (_module, _graph, _options, _triples, _validation) = (module, graph, options, triples, validation);
        _batches = new KgeBatches(graph, triples, options, new RandomStreams(options.SeedOrDefault));
        _step = new KgeStep(module, options, ranks);
        _filter = new(() => new KnownTriples(graph, triples, GraphSplit.Train, GraphSplit.Validation));
    }

    public string Stage => _module.Shape.Model.ToString();

    public int RowsPerEpoch => _batches.RowsPerEpoch;

    public long StepsPerEpoch => _batches.StepsPerEpoch;

    public GradientStep Gradients => _step.Gradients;

    public bool HasValidation => _validation.Count > 0;

    public bool IsHigherBetter => true;

    public IEnumerable<(string Name, ITrainingState State)> State => [("weights", TrainingState.OfWeights(_module))];

    public IEnumerable<KgeBatch> Epoch(int epoch, long firstStep) => _batches.Epoch(epoch, firstStep);

    public int RowsIn(KgeBatch batch) => batch.Count;

    public double Take(KgeBatch batch, long step) => _step.Take(batch, step);

    public double Validate(CancellationToken cancellationToken)
    {
        using var scorer = new KgeScorer(_module, _graph) { OwnsModule = false };
        return EntityRanking.MeanReciprocalRank(
            EntityRanking.Rank(scorer, _validation, _filter.Value, QueryMask.None, cancellationToken: cancellationToken));
    }

    public void Refresh()
    {
        // Nothing is computed from the vectors ahead of its use.
    }

    public IReadOnlyList<(string Name, string Value)> Identity() =>
    [
        ("model", _module.Shape.Model.ToString()), .. ResumeFingerprint.Of(_options), .. GraphIdentity.Of(_graph),
        ("training triples", GraphIdentity.Describe(_triples)), ("validation triples", GraphIdentity.Describe([.. _validation])),
    ];

    public void Dispose() => _step.Dispose();
}
