using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>Trains an embedding of a graph.</summary>
/// <remarks>
/// Each epoch shuffles the queries. Order, negatives and first numbers come from streams of the options' seed.
/// </remarks>
internal static class KgeTrainer
{
    // Of [queries, entities]: scores, their logarithms and their gradients live at once.
    private const int ScoreMatrices = 4;

    /// <summary>Options with all decided that depends on model and triples.</summary>
    /// <param name="options">The options.</param>
    /// <param name="model">The model.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="triples">True triples to train on.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not go with another.</exception>
    public static KgeTrainingOptions Settle(
        KgeTrainingOptions options, KgeModel model, KnowledgeGraph graph, ReadOnlyMemory<Triple> triples)
    {
        options.Check();
        KgeTrainingOptions settled = KgeDefaults.Settle(
            options with { Seed = options.SeedOrDefault }, model, graph.Entities.Count, loss => KgeQueries.CountOf(loss, triples.Span));
        settled.Check();
        return settled;
    }

    /// <summary>Bytes that a run takes: vectors, gradients, optimizer, best vectors and the scores of a step.</summary>
    /// <param name="model">The model.</param>
    /// <param name="bounds">How many entities and relations there are.</param>
    /// <param name="settled">Settled options.</param>
    public static double BytesOf(KgeModel model, GraphBounds bounds, KgeTrainingOptions settled)
    {
        KgeShape shape = settled.ShapeOf(model);
        var function = KgeFunction.Of(shape);
        double numbers = ((double)bounds.Entities * function.EntityWidth(shape.EmbeddingDimension))
            + ((double)shape.RelationRows(bounds) * function.RelationWidth(shape.EmbeddingDimension));
        double candidates = settled.Loss == KgeLoss.NegativeSampling ? settled.NegativesPerPositive : bounds.Entities;
        int copies = settled.Optimizer == KgeOptimizer.Adam ? 6 : 5;
        return sizeof(float) * ((copies * numbers) + (ScoreMatrices * candidates * settled.BatchSize!.Value));
    }

    /// <summary>Trains a module, or goes on with a training run of it where <see cref="KgeTrainingOptions.Checkpoint"/> says so.</summary>
    /// <param name="module">What is trained; not disposed.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="settled">Settled options.</param>
    /// <param name="triples">True triples to train on.</param>
    /// <param name="validation">
    /// True triples that all entities are ranked for after each epoch, filtered by the graph's training and validation triples; may be
    /// empty. The vectors of the best epoch are kept.
    /// </param>
    /// <param name="ranks">
    /// The processes that train the module together, each with the same module, graph, options and triples; null for this one alone. All
    /// end with the same weights.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the run after the current step, with a checkpoint if there is one to be kept. The module keeps what it has learned. No
    /// exception is thrown.
    /// </param>
    /// <exception cref="GmtFileException">The checkpoint belongs to a run with other settings or data, or is damaged.</exception>
    /// <exception cref="NotFiniteNumberException">The run has diverged.</exception>
    /// <exception cref="CollectiveException">The ranks would not compute the same, or one has failed.</exception>
    public static TrainingResult Train(
        KgeModule module, KnowledgeGraph graph, KgeTrainingOptions settled, Triple[] triples, IReadOnlyList<Triple> validation,
        ICollective? ranks = null, CancellationToken cancellationToken = default)
    {
        using var task = new KgeTrainingTask(module, graph, settled, triples, validation, ranks);
        var options = new TrainingLoopOptions(
            settled.NumberOfEpochs!.Value, settled.EarlyStoppingPatience, settled.Checkpoint, settled.Progress);
        return TrainingLoop<KgeBatch>.Run(task, options, cancellationToken);
    }
}
