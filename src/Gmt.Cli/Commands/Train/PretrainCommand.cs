using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Stage 1: <see cref="SgmPretrainEstimator"/> on a graph's training triples; the validation triples choose the epoch.</summary>
internal sealed class PretrainCommand : GmtCommand
{
    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--dropout");
    private readonly PretrainFlags _training = new();
    private readonly StrictTrainingFlags _strict = new("a better validation figure");
    private readonly CheckpointFlags _checkpoint = new();

    /// <summary>Creates the command.</summary>
    public PretrainCommand() : base("pretrain", "Stage 1: trains a graph module on a graph's triples; validated, the best epoch is kept.")
    {
        Add("Graph", _graph.All);
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
        if (_checkpoint.IsFinished(context, folder, Settings(context), PretrainFlags.Results))
        {
            return ExitCode.Success;
        }

        KnowledgeGraph graph = _graph.Read(context);
        MLContext ml = context.NewMLContext();
        _training.Device.Choose(context, ml);
        using var display = new TrainingDisplay(context.Terminal);
        var lines = new EpochLines(display, "valid MRR");
        SgmPretrainEstimator.Options options = EstimatorOptions(context, graph, folder, lines);
        Directory.CreateDirectory(folder);
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
            result.History.Steps.Count, options.Training.NumberOfEpochs, result.BestEpoch, result.BestMetric, result.IsStoppedEarly);
        SgmStateDict.Write(model.Module, Path.Combine(folder, SgmFolder.StateFile));
        PythonJson.WriteFile(Path.Combine(folder, SgmFolder.ConfigFile), Settings(context));
        CheckpointFlags.Clear(folder, PretrainFlags.Results);
        return ExitCode.Success;
    }

    private SgmPretrainEstimator.Options EstimatorOptions(CommandContext context, KnowledgeGraph graph, string folder, EpochLines lines) => new()
    {
        GraphModule = _module.Shape(context),
        RelationSemantics = _semantics.Source(context),
        Mask = _strict.Mask(context),
        ValidateOnGraph = !graph.Triples(GraphSplit.Validation).IsEmpty,
        Training = _training.Options(context) with
        {
            EarlyStoppingPatience = _strict.EarlyStoppingPatience(context),
            Checkpoint = _checkpoint.Options(context, folder),
            Progress = lines,
        },
        CancellationToken = context.Interruption.Token,
    };

    /// <summary>The script's arguments in its order, then mask and patience, which the script does not know.</summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(CommandContext context) =>
    [
        .. _training.Settings(context, _graph, _semantics, _module), .. RecordedMask.Entries(_strict.Mask(context)),
        context.Setting(_strict.Patience),
    ];
}
