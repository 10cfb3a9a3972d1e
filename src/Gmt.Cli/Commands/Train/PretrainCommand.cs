using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Stage 1: <see cref="SgmPretrainEstimator"/> on a graph's training triples; the validation triples choose the epoch.</summary>
internal sealed class PretrainCommand : GmtCommand
{
    private readonly GraphSourceFlags _graph = new(GraphSourceFlags.NewRequired());
    private readonly SplitFlags _split = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--dropout");
    private readonly PretrainFlags _training = new(new SgmTrainingOptions());
    private readonly StrictTrainingFlags _strict = new("a better validation figure");
    private readonly CheckpointFlags _checkpoint = new();

    /// <summary>Creates the command.</summary>
    public PretrainCommand() : base("pretrain", "Stage 1: trains a graph module on a graph's triples; validated, the best epoch is kept.")
    {
        Add("Graph", [_graph.Reference.Folder, .. _graph.Files]);
        Add("Graphs without validation and test triples", _split.All);
        Add("Files of names (CSV, TSV …)", _graph.Layout);
        Add("Relation vectors", _semantics.All);
        Add("Graph module", _module.All);
        Add("Training", [.. _training.All, _strict.Patience, _strict.NoMask]);
        Add("Output", [_training.Output, _training.Device.Option, .. _checkpoint.All, CompatibilityFlag.New()]);
    }

    /// <inheritdoc/>
    public override string Script => "pretrain_gmt";

    /// <inheritdoc/>
    public override string Example => "--kg_dir examples/data/codex-s --output_dir checkpoints/sgm --epochs 4";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        _training.Device.Check(context);
        string folder = context.Get(_training.Output);
        GraphSource source = _graph.Source(context, new GraphSource(context.Get(_graph.Reference.Folder)));
        GraphReading reading = GraphReading.ToTrain(context, source, _split);
        KnowledgeGraph graph = reading.Graph;
        SgmTrainingOptions training = _training.Options(context).Settled(graph.Triples(GraphSplit.Train).Length);
        KeyValuePair<string, object?>[] settings = [.. Settings(context, reading, training)];
        if (_checkpoint.IsFinished(context, folder, settings, PretrainFlags.Results))
        {
            return ExitCode.Success;
        }

        if (graph.Triples(GraphSplit.Train).IsEmpty)
        {
            throw new CommandFailure("There is nothing to train on: the graph has no training triples.");
        }

        MLContext ml = context.NewMLContext();
        _training.Device.Choose(context, ml);
        using var display = new TrainingDisplay(context.Terminal);
        var lines = new EpochLines(display, "valid MRR");
        SgmPretrainEstimator.Options options = EstimatorOptions(context, training, graph, folder, lines);
        using FileLock held = CheckpointFlags.Hold(folder, PretrainFlags.Results);
        context.Interruption.IsHeeded = true;
        using SgmTransformer model = ml.Transforms.SgmPretrain(graph, options).Fit(graph.ToDataView());
        context.Interruption.IsHeeded = false;
        TrainingResult result = model.TrainingResult!;
        if (result.IsCancelled)
        {
            display.Dispose();
            return CheckpointFlags.Interrupted(context, result.History.Steps.Count);
        }

        lines.Finish(
            result.History.Steps.Count, training.NumberOfEpochs!.Value, result.BestEpoch, result.BestMetric, result.IsStoppedEarly);
        SgmStateDict.Write(model.Module, Path.Combine(folder, SgmFolder.StateFile));
        PythonJson.WriteFile(Path.Combine(folder, SgmFolder.ConfigFile), settings);
        CheckpointFlags.Clear(folder, PretrainFlags.Results);
        return ExitCode.Success;
    }

    private SgmPretrainEstimator.Options EstimatorOptions(
        CommandContext context, SgmTrainingOptions training, KnowledgeGraph graph, string folder, EpochLines lines) => new()
        {
            GraphModule = _module.Shape(context),
            RelationSemantics = _semantics.Source(context),
            Mask = _strict.Mask(context),
            ValidateOnGraph = !graph.Triples(GraphSplit.Validation).IsEmpty,
            Training = training with
            {
                EarlyStoppingPatience = _strict.EarlyStoppingPatience(context),
                Checkpoint = _checkpoint.Options(context, folder),
                Progress = lines,
            },
            CancellationToken = context.Interruption.Token,
        };

    /// <summary>
    /// The script's arguments in its order, then what the script does not know: mask, patience, the graph's layout and split.
    /// </summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(
        CommandContext context, GraphReading graph, SgmTrainingOptions training) =>
    [
        .. _training.Settings(context, _graph.Reference, _semantics, _module).Settled([.. graph.Settled, PretrainFlags.Settled(training)]),
        .. RecordedMask.Entries(_strict.Mask(context)), context.Setting(_strict.Patience), .. graph.Entries,
    ];
}
