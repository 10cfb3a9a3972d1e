using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Trains a path model on a graph, from nothing or from a checkpoint.</summary>
internal static class PathTrainer
{
    /// <summary>Trains a model, or goes on with a training run where <see cref="PathTrainingOptions.Checkpoint"/> says so.</summary>
    /// <param name="graph">The graph, whose training triples are the edges.</param>
    /// <param name="start">What the weights start from; null for nothing.</param>
    /// <param name="settled">Settled options.</param>
    /// <param name="triples">True triples to train on.</param>
    /// <param name="validation">
    /// True triples that all entities are ranked for after each epoch, filtered by the graph's training and validation triples; may be
    /// empty. The weights of the best epoch are kept.
    /// </param>
    /// <param name="ranks">
    /// The processes that train the model together, each with the same graph, start, options and triples; null for this one alone. All end
    /// with the same weights.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the run after the current step, with a checkpoint if there is one to be kept. The model keeps what it has learned. No exception
    /// is thrown.
    /// </param>
    /// <exception cref="GmtFileException">The checkpoint belongs to a run with other settings or data, or is damaged.</exception>
    /// <exception cref="NotFiniteNumberException">The run has diverged.</exception>
    /// <exception cref="CollectiveException">The ranks would not compute the same, or one has failed.</exception>
    public static (PathModel Model, TrainingResult Result) Train(
        KnowledgeGraph graph, FoundationModel? start, PathTrainingOptions settled, Triple[] triples, Triple[] validation,
        ICollective? ranks = null, CancellationToken cancellationToken = default)
    {
        MessageGraph messages = EntityMessages.Build(graph);
        PathModelOrigin origin = PathModelOrigin.TrainedFrom(start?.Origin);
        using IPathModule module = start is null
            ? TrainedModule.Create(ShapeOf(settled, graph), messages, new RandomStreams(settled.SeedOrDefault))
            : new TunedModule(start, messages);
        using var task = new PathTrainingTask(module, graph, messages, origin, settled, triples, validation, ranks);
        var options = new TrainingLoopOptions(
            settled.NumberOfEpochs!.Value, settled.EarlyStoppingPatience, settled.Checkpoint, settled.Progress);
        TrainingResult result = TrainingLoop<PathTrainingQuery[]>.Run(task, options, cancellationToken);
        return (module.Snapshot(origin), result);
    }

    /// <summary>The shape of a model that starts from nothing.</summary>
    public static TrainedShape ShapeOf(PathTrainingOptions options, KnowledgeGraph graph) => new()
    {
        Width = options.StateDimension,
        HiddenWidth = options.HiddenDimension,
        Layers = options.NumberOfLayers,
        Relations = graph.Relations.Count,
    };
}
