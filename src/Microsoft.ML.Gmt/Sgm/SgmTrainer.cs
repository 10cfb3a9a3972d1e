using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Stage 1: teaches a Semantic Graph Module to score the graph's triples above corrupted ones.</summary>
/// <remarks>
/// <para>Each epoch shuffles the triples. A step corrupts each triple of a batch at head or tail, minimises
/// −mean(log σ(s⁺) + mean over K of log σ(−s⁻)) and moves the weights by AdamW at a constant rate.</para>
/// <para>Order, negatives and dropout masks come from streams of the options' seed. One training run at a time may use a module, and
/// nothing else meanwhile. What of a triple is hidden from its own head and tail is <see cref="SgmTrainingOptions.Mask"/>'s to say.</para>
/// </remarks>
internal sealed class SgmTrainer
{
    private readonly SgmModule _module;
    private readonly SgmTrainingOptions _options;

    /// <summary>Creates a trainer.</summary>
    /// <param name="module">The module to be trained; it is not disposed.</param>
    /// <param name="graph">The graph whose edges are encoded.</param>
    /// <param name="options">How it trains; null for the defaults.</param>
    /// <param name="upperEnds">Whether the upper ends of the options' ranges count; the scripts, which know none, do without.</param>
    /// <exception cref="ArgumentException">
    /// The module does not know as many relations as the graph's edges have, or has nothing to train.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SgmTrainer(SgmModule module, KnowledgeGraph graph, SgmTrainingOptions? options = null, bool upperEnds = true)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        (_module, _options) = (module, options ?? new SgmTrainingOptions());
        _options.Check(upperEnds);
        _options = _options with { Seed = _options.SeedOrDefault }; // a checkpoint tells runs apart by the seed that counts
        if (!module.parameters().Any(parameter => parameter.requires_grad))
        {
            throw new ArgumentException(
                "The graph module has nothing to train: it has no layers, and relation vectors that are fixed and need no "
                + "projection.", nameof(module));
        }

        States = new GraphEdgeStateIndex(graph, module);
        Graph = graph;
    }

    /// <summary>The graph.</summary>
    public KnowledgeGraph Graph { get; }

    /// <summary>The graph's edge states, kept in step with the module.</summary>
    public GraphEdgeStateIndex States { get; }

    /// <summary>
    /// The processes that train the module together, each with the same module, graph, options and triples; one. All end with the same
    /// weights.
    /// </summary>
    public ICollective Ranks { get; init; } = SingleRank.Instance;

    /// <summary>
    /// Trains the module, or goes on with a training run of it where <see cref="SgmTrainingOptions.Checkpoint"/> says so.
    /// </summary>
    /// <param name="triples">The true triples; null for the graph's training triples.</param>
    /// <param name="validationTriples">
    /// True triples that all entities are ranked for after each epoch, filtered by the graph's training and validation triples; null for no
    /// validation. The weights of the best epoch are kept. They are ranked under the same mask as they are trained on
    /// (<see cref="SgmTrainingOptions.Mask"/>), so with one, triples that are edges of the graph don't see themselves.
    /// </param>
    /// <param name="foresee">
    /// Gets an estimate of what the run will take before its first step, and may refuse it by an exception; null for no estimate. The
    /// estimate uses up nothing random of the run.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the training run after the current step, with a checkpoint if there is one to be kept. The module keeps what it has learned,
    /// with validation that of the best epoch so far. No exception is thrown.
    /// </param>
    /// <returns>History and counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="GmtFileException">
    /// The checkpoint to resume belongs to a training run with other settings or data, or of another version of this library.
    /// </exception>
    /// <exception cref="CollectiveException">The ranks would not compute the same, or one has failed.</exception>
    public TrainingResult Train(
        IReadOnlyList<Triple>? triples = null, IReadOnlyList<Triple>? validationTriples = null,
        Action<SgmWorkload>? foresee = null, CancellationToken cancellationToken = default)
    {
        Triple[] rows = triples is null ? Graph.Triples(GraphSplit.Train).ToArray() : [.. triples];
        foreach (Triple triple in rows.Concat(validationTriples ?? []))
        {
            Graph.Bounds.Check(triple, nameof(triples));
        }

        SgmTrainingOptions settled = _options.Settled(rows.Length);
        using var task = new SgmTrainingTask(_module, Graph, States, settled, rows, validationTriples ?? [], Ranks);
        foresee?.Invoke(task.Estimate());
        var options = new TrainingLoopOptions(
            settled.NumberOfEpochs!.Value, _options.EarlyStoppingPatience, _options.Checkpoint, _options.Progress);
        return TrainingLoop<(Triple[] Positives, Triple[] Negatives)>.Run(task, options, cancellationToken);
    }
}
