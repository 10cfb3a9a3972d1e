using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>A command's training run on the triples of a graph, whose validation triples choose the epoch.</summary>
/// <param name="context">The command's arguments.</param>
/// <param name="checkpoint">How the run survives an interruption.</param>
/// <param name="log">Where its steps are written.</param>
/// <param name="folder">Where results go.</param>
/// <param name="results">The files of a finished run; the last one keeps its settings.</param>
/// <param name="processes">Those that share the run; the first alone writes.</param>
internal sealed class GraphTraining(
    CommandContext context, CheckpointFlags checkpoint, TrackerFlag log, string folder, string[] results, ProcessGroup processes)
{
    /// <summary>Reads the graph to train on.</summary>
    /// <exception cref="CommandFailure">It has no training triples.</exception>
    public GraphReading Read(GraphSourceFlags graph, SplitFlags split)
    {
        GraphSource source = graph.Source(context, new GraphSource(context.Get(graph.Reference.Folder)));
        GraphReading reading = GraphReading.ToTrain(context, source, split);
        return reading.Graph.Triples(GraphSplit.Train).IsEmpty
            ? throw new CommandFailure("There is nothing to train on: the graph has no training triples.")
            : reading;
    }

    /// <summary>Trains, shows each epoch, heeds an interruption, and stores what came of it; or says that nothing is to be done.</summary>
    /// <typeparam name="TModel">What is trained.</typeparam>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="epochs">Epochs asked for.</param>
    /// <param name="fit">Trains, with the state to be kept and somebody to be told of each step.</param>
    /// <param name="resultOf">What came of a run.</param>
    /// <param name="store">Writes the model into a file of the folder.</param>
    /// <returns>The command's exit code, and how many rows this process had.</returns>
    public (int Code, long Rows) Run<TModel>(
        KeyValuePair<string, object?>[] settings, int epochs,
        Func<TrainingCheckpointOptions, IProgress<TrainingProgress>, TModel> fit, Func<TModel, TrainingResult?> resultOf,
        Action<TModel, string> store)
        where TModel : IDisposable
    {
        bool writes = processes.Rank == 0;
        if (processes.Ranks.Any(writes && checkpoint.IsFinished(context, folder, settings, results)))
        {
            return (ExitCode.Success, 0);
        }

        using TrainingTracker? tracker = writes ? log.Open(context) : null;
        using var display = new TrainingDisplay(context.Terminal);
        var lines = new EpochLines(display, "valid MRR");
        using FileLock? held = writes ? CheckpointFlags.Hold(folder, results) : null;
        TrainingCheckpointOptions kept = checkpoint.Options(context, folder);
        context.Interruption.IsHeeded = true;
        using TModel model = fit(kept, TrainingTracker.Several(lines, tracker));
        context.Interruption.IsHeeded = false;
        TrackerFlag.Close(context, tracker);
        TrainingResult result = resultOf(model)!;
        if (result.IsCancelled)
        {
            display.Dispose();
            return (CheckpointFlags.Interrupted(context, result.History.Steps.Count), result.RowsTaken);
        }

        if (!writes)
        {
            return (ExitCode.Success, result.RowsTaken);
        }

        lines.Finish(result.History.Steps.Count, epochs, result.BestEpoch, result.BestMetric, result.IsStoppedEarly);
        store(model, Path.Combine(folder, results[0]));
        PythonJson.WriteFile(Path.Combine(folder, results[^1]), settings);
        CheckpointFlags.Clear(folder, results);
        return (ExitCode.Success, result.RowsTaken);
    }
}
