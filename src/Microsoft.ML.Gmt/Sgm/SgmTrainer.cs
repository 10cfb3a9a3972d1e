using System.Diagnostics;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Stage 1: teaches a Semantic Graph Module to score the graph's triples above corrupted ones.</summary>
/// <remarks>
/// <para>Each epoch shuffles the triples. A step corrupts each triple of a batch at head or tail, minimises
/// −mean(log σ(s⁺) + mean over K of log σ(−s⁻)) and moves the weights by AdamW at a constant rate.</para>
/// <para>Order, negatives and dropout masks come from streams of the options' seed. One training at a time may use a module, and nobody else
/// meanwhile. Nothing of the query is masked here, as in the reference: head and tail see the edge that states the triple.</para>
/// </remarks>
public sealed class SgmTrainer
{
    private const string Stage = "SGM";

    private readonly SgmModule _module;
    private readonly SgmTrainingOptions _options;
    private readonly RandomStreams _streams;

    /// <summary>Creates a trainer.</summary>
    /// <param name="module">The module to be trained; it is not disposed.</param>
    /// <param name="graph">The graph whose edges are encoded.</param>
    /// <param name="options">How it trains; null for the defaults.</param>
    /// <exception cref="ArgumentException">The module does not know as many relations as the graph's edges have, or has nothing to train.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SgmTrainer(SgmModule module, KnowledgeGraph graph, SgmTrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        (_module, _options) = (module, options ?? new SgmTrainingOptions());
        _options.Check();
        if (!module.parameters().Any(parameter => parameter.requires_grad))
        {
            throw new ArgumentException(
                "The graph module has nothing to train: it has no layers, and relation vectors that are fixed and need no projection.", nameof(module));
        }

        _streams = new RandomStreams(_options.Seed);
        States = new GraphEdgeStateIndex(graph, module);
        Graph = graph;
    }

    /// <summary>The graph.</summary>
    public KnowledgeGraph Graph { get; }

    /// <summary>The graph's edge states, kept in step with the module.</summary>
    public GraphEdgeStateIndex States { get; }

    /// <summary>Trains the module, or goes on with a training of it where <see cref="SgmTrainingOptions.Checkpoint"/> says so.</summary>
    /// <param name="triples">The true triples; null for the graph's training triples.</param>
    /// <param name="validationTriples">
    /// True triples that all entities are ranked for after each epoch, filtered by the graph's training and validation triples; null for no
    /// validation. The weights of the best epoch are kept.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the training after the present step, with a checkpoint if there is one to be kept. The module keeps what it has learned, with validation
    /// that of the best epoch so far. No exception is thrown.
    /// </param>
    /// <returns>History and counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="InvalidDataException">The checkpoint to go on from is of a training with other settings or data.</exception>
    public SgmTrainingResult Train(
        IReadOnlyList<Triple>? triples = null, IReadOnlyList<Triple>? validationTriples = null, CancellationToken cancellationToken = default)
    {
        Triple[] rows = triples is null ? Graph.Triples(GraphSplit.Train).ToArray() : [.. triples];
        foreach (Triple triple in rows.Concat(validationTriples ?? []))
        {
            Graph.Bounds.Check(triple, nameof(triples));
        }

        var batches = new TripleBatches(Graph, rows, _options, _streams);
        long allSteps = batches.StepsPerEpoch * _options.NumberOfEpochs;
        var recorder = new TrainingRecorder(Stage, _options.NumberOfEpochs, allSteps, batches.RowsPerEpoch, _options.Progress);
        using var step = new SgmStep(_module, States, _options, _streams);
        using var best = new BestWeights(_module.parameters().Where(parameter => parameter.requires_grad));
        KnownTriples? filter = validationTriples is { Count: > 0 } ? new KnownTriples(Graph, GraphSplit.Train, GraphSplit.Validation) : null;
        var checkpoint = new TrainingCheckpoint(
            _options.Checkpoint, SgmTrainingSettings.Of(Graph, _module.Options, _options, rows, validationTriples ?? []),
            ("weights", TrainingState.OfWeights(_module)), ("optimizer", step.Optimizer), ("dropout", TrainingState.OfDropout(step.Dropout)), ("history", recorder), ("best", best));
        checkpoint.TryResume();
        States.Refresh(_module);
        bool stopped = false;
        try
        {
            // A checkpoint after the last step of an epoch belongs to that epoch: its validation may be yet to come.
            int first = (int)(Math.Max(recorder.StepsDone - 1, 0) / Math.Max(batches.StepsPerEpoch, 1));
            for (int epoch = first; epoch < _options.NumberOfEpochs && !stopped; epoch++)
            {
                foreach ((Triple[] positives, Triple[] negatives) in batches.Epoch(epoch, recorder.StepsDone - (epoch * batches.StepsPerEpoch)))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    long started = Stopwatch.GetTimestamp();
                    double loss = step.Take(positives, negatives);
                    recorder.Add(epoch + 1, positives.Length, loss, _options.LearningRate, Stopwatch.GetElapsedTime(started));
                    checkpoint.SaveIfDue();
                }

                if (filter is not null && !recorder.IsMeasured)
                {
                    Validate(validationTriples!, filter, epoch + 1, recorder, best, cancellationToken);
                    checkpoint.SaveIfDue();
                }

                stopped = best.Epoch is { } bestEpoch && epoch + 1 - bestEpoch >= _options.EarlyStoppingPatience;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            checkpoint.Save();
        }

        best.Restore();
        States.Refresh(_module);
        bool cancelled = cancellationToken.IsCancellationRequested && recorder.StepsDone < allSteps;
        return new SgmTrainingResult(recorder.History, batches.RowsPerEpoch, best.Epoch, best.Figure, stopped, cancelled);
    }

    private void Validate(
        IReadOnlyList<Triple> triples, KnownTriples filter, int epoch, TrainingRecorder recorder, BestWeights best, CancellationToken cancellationToken)
    {
        double figure = EntityRanking.MeanReciprocalRank(EntityRanking.Rank(_module, States.Refresh(_module), triples, filter, cancellationToken));
        recorder.AddMetric(figure);
        if (best.Figure is not { } previous || figure > previous)
        {
            best.Keep(figure, epoch, copy: true);
        }
    }
}
