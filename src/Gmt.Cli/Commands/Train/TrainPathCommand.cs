using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
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
    private readonly TrackerFlag _log = new();

    /// <summary>Creates the command.</summary>
    public TrainPathCommand()
        : base("train-path", "Trains a path model of a graph that ranks entities; validated, the best epoch is kept.")
    {
        Add("Graph", [_graph.Reference.Folder, .. _graph.Files]);
        Add("Graphs without validation and test triples", _split.All);
        Add("Files of names (CSV, TSV …)", _graph.Layout);
        Add("Model", _training.Shape);
        Add("Training", _training.Training);
        Add("Output", [_output, .. _checkpoint.All, _log.Option]);
    }

    /// <inheritdoc/>
    public override bool SharesWork => true;

    /// <inheritdoc/>
    public override string Example => "--kg_dir examples/data/codex-s --output_dir checkpoints/paths";

    /// <inheritdoc/>
    public override int Execute(CommandContext context) => RankedRun.Execute(context, RankedRun.Read(), Train);

    private (int Code, long Rows) Train(CommandContext context, ProcessGroup processes)
    {
        PathTrainingOptions training = _training.Options(context);
        training.Check();
        string? start = _training.StartFrom(context);
        var run = new GraphTraining(context, _checkpoint, _log, context.Get(_output), Results, processes);
        GraphReading reading = run.Read(_graph, _split);
        KnowledgeGraph graph = reading.Graph;
        training = training.Settle(isFineTuning: start is not null, graph.Triples(GraphSplit.Train));
        MLContext ml = context.NewMLContext();
        IDataView rows = graph.ToDataView();
        return run.Run(
            [
                new("start_from", start ?? ""), .. PathTrainingFlags.Settings(training), .. _training.Reproducible.Settings(context),
                .. reading.Settled, .. reading.Entries,
            ],
            training.NumberOfEpochs!.Value,
            (checkpoint, progress) => ml.Transforms.TrainPathModel(graph, new PathTrainingEstimator.Options
            {
                Processes = processes,
                StartFrom = start,
                Training = training with { Checkpoint = checkpoint, Progress = progress },
                CancellationToken = context.Interruption.Token,
            }).Fit(rows),
            model => model.TrainingResult, (model, file) => ml.Model.SaveAtomically(model, rows.Schema, file));
    }
}
