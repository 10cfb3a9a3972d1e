using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Trains a <see cref="PathTrainingEstimator"/> on a graph's training triples; the validation triples choose the epoch.</summary>
internal sealed class TrainPathCommand : GmtCommand
{
    private const string ModelFile = "paths.zip", ConfigFile = "path_config.json";

    private static readonly string[] Results = [ModelFile, ConfigFile];

    private readonly GraphSourceFlags _graph = new(GraphSourceFlags.NewRequired());
    private readonly SplitFlags _split = new();
    private readonly PathTrainingFlags _training = new();
    private readonly Option<string> _output = Flag.RequiredText("--output_dir", $"Where {ModelFile} and {ConfigFile} go.", "DIR");
    private readonly CheckpointFlags _checkpoint = new();

    /// <summary>Creates the command.</summary>
    public TrainPathCommand()
        : base("train-path", "Trains a path model of a graph that ranks entities; validated, the best epoch is kept.")
    {
        Add("Graph", [_graph.Reference.Folder, .. _graph.Files]);
        Add("Graphs without validation and test triples", _split.All);
        Add("Files of names (CSV, TSV …)", _graph.Layout);
        Add("Model", _training.Shape);
        Add("Training", _training.Training);
        Add("Output", [_output, .. _checkpoint.All]);
    }

    /// <inheritdoc/>
    public override string Example => "--kg_dir examples/data/codex-s --output_dir checkpoints/paths";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        string folder = context.Get(_output);
        PathTrainingOptions training = _training.Options(context);
        training.Check();
        string? start = _training.StartFrom(context);
        GraphSource source = _graph.Source(context, new GraphSource(context.Get(_graph.Reference.Folder)));
        GraphReading reading = GraphReading.ToTrain(context, source, _split);
        KnowledgeGraph graph = reading.Graph;
        if (graph.Triples(GraphSplit.Train).IsEmpty)
        {
            throw new CommandFailure("There is nothing to train on: the graph has no training triples.");
        }

        training = training.Settle(isFineTuning: start is not null, graph.Triples(GraphSplit.Train));
        KeyValuePair<string, object?>[] settings = [
            new("start_from", start ?? ""), .. PathTrainingFlags.Settings(training), .. reading.Settled, .. reading.Entries,
        ];
        if (_checkpoint.IsFinished(context, folder, settings, Results))
        {
            return ExitCode.Success;
        }

        MLContext ml = context.NewMLContext();
        using var display = new TrainingDisplay(context.Terminal);
        var lines = new EpochLines(display, "valid MRR");
        using FileLock held = CheckpointFlags.Hold(folder, Results);
        PathTrainingEstimator.Options options = new()
        {
            StartFrom = start,
            Training = training with { Checkpoint = _checkpoint.Options(context, folder), Progress = lines },
            CancellationToken = context.Interruption.Token,
        };
        context.Interruption.IsHeeded = true;
        IDataView rows = graph.ToDataView();
        using PathScoringTransformer model = ml.Transforms.TrainPathModel(graph, options).Fit(rows);
        context.Interruption.IsHeeded = false;
        TrainingResult result = model.TrainingResult!;
        if (result.IsCancelled)
        {
            display.Dispose();
            return CheckpointFlags.Interrupted(context, result.History.Steps.Count);
        }

        lines.Finish(
            result.History.Steps.Count, training.NumberOfEpochs!.Value, result.BestEpoch, result.BestMetric, result.IsStoppedEarly);
        ml.Model.SaveAtomically(model, rows.Schema, Path.Combine(folder, ModelFile));
        PythonJson.WriteFile(Path.Combine(folder, ConfigFile), settings);
        CheckpointFlags.Clear(folder, Results);
        return ExitCode.Success;
    }
}
