using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
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
    private readonly TrackerFlag _log = new();

    /// <summary>Creates the command.</summary>
    public PretrainCommand() : base("pretrain", "Stage 1: trains a graph module on a graph's triples; validated, the best epoch is kept.")
    {
        Add("Graph", [_graph.Reference.Folder, .. _graph.Files]);
        Add("Graphs without validation and test triples", _split.All);
        Add("Files of names (CSV, TSV …)", _graph.Layout);
        Add("Relation vectors", _semantics.All);
        Add("Graph module", _module.All);
        Add("Training", [.. _training.All, _strict.Reproducible.Option, _strict.Patience, _strict.NoMask]);
        Add("Output", [_training.Output, _training.Device.Option, .. _checkpoint.All, _log.Option, CompatibilityFlag.New()]);
    }

    /// <inheritdoc/>
    public override string Script => "pretrain_gmt";

    /// <inheritdoc/>
    public override bool SharesWork => true;

    /// <inheritdoc/>
    public override string Example => "--kg_dir examples/data/codex-s --output_dir checkpoints/sgm --epochs 4";

    /// <inheritdoc/>
    public override int Execute(CommandContext context) => RankedRun.Execute(context, RankedRun.Read(), Train);

    private (int Code, long Rows) Train(CommandContext context, ProcessGroup processes)
    {
        _training.Device.Check(context);
        var run = new GraphTraining(context, _checkpoint, _log, context.Get(_training.Output), PretrainFlags.Results, processes);
        GraphReading reading = run.Read(_graph, _split);
        KnowledgeGraph graph = reading.Graph;
        SgmTrainingOptions training = _training.Options(context).Settled(graph.Triples(GraphSplit.Train).Length);
        MLContext ml = context.NewMLContext();
        _training.Device.Choose(context, ml);
        SgmPretrainEstimator.Options options = new()
        {
            GraphModule = _module.Shape(context),
            RelationSemantics = _semantics.Source(context),
            Mask = _strict.Mask(context),
            Processes = processes,
            ValidateOnGraph = !graph.Triples(GraphSplit.Validation).IsEmpty,
            Training = training with
            {
                Reproducible = _strict.Reproducible.Of(context),
                EarlyStoppingPatience = _strict.EarlyStoppingPatience(context),
            },
            CancellationToken = context.Interruption.Token,
        };
        return run.Run(
            [.. Settings(context, reading, training)], training.NumberOfEpochs!.Value,
            (checkpoint, progress) => ml.Transforms.SgmPretrain(
                graph, options with { Training = options.Training with { Checkpoint = checkpoint, Progress = progress } })
                .Fit(graph.ToDataView()),
            model => model.TrainingResult, (model, file) => SgmStateDict.Write(model.Module, file));
    }

    /// <summary>
    /// The script's arguments in its order, then what the script does not know: mask, patience, the graph's layout and split.
    /// </summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(
        CommandContext context, GraphReading graph, SgmTrainingOptions training) =>
    [
        .. _training.Settings(context, _graph.Reference, _semantics, _module).Settled([.. graph.Settled, PretrainFlags.Settled(training)]),
        .. RecordedMask.Entries(_strict.Mask(context)), context.Setting(_strict.Patience), .. _strict.Reproducible.Settings(context),
        .. graph.Entries,
    ];
}
