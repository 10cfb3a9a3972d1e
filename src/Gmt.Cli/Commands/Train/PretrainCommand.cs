using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Cli.Scripts;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Stage 1: trains a graph module on a graph's triples.</summary>
internal sealed class PretrainCommand : GmtCommand
{
    private static readonly SgmTrainingOptions Defaults = new();

    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--dropout");
    private readonly CheckpointFlags _checkpoint = new();
    private readonly Option<int> _batchSize = Flag.Integer("--batch_size", "True triples a step.", Defaults.BatchSize);
    private readonly Option<int> _negatives = Flag.Integer("--num_neg", "Corrupted triples for each true one.", Defaults.NegativesPerPositive);
    private readonly Option<int> _epochs = Flag.Integer("--epochs", "Passes over the triples.", Defaults.NumberOfEpochs);
    private readonly Option<double> _learningRate = Flag.Number("--lr", "Learning rate of AdamW.", Defaults.LearningRate);
    private readonly Option<int> _seed = Flag.Integer("--seed", "Decides every random draw.", Defaults.Seed);
    private readonly Option<string> _output = Flag.RequiredText("--output_dir", $"Where {SgmFolder.StateFile} and {SgmFolder.ConfigFile} go.", "DIR");
    private readonly DeviceFlag _device = new();
    private readonly Option<int> _patience = Flag.Integer(
        "--patience", "Epochs without a better validation figure after which training ends; 0 for no end.", 0);
    private readonly CompatibilityFlag _compatible;

    /// <summary>Creates the command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="compatible">Whether it always does what the Python script does.</param>
    public PretrainCommand(string name, bool compatible)
        : base(
            name,
            compatible ? "Stage 1 as pretrain_gmt.py: trains a graph module on a graph's triples."
            : "Stage 1: trains a graph module on a graph's triples; validated, the best epoch is kept.")
    {
        _compatible = new CompatibilityFlag(compatible);
        Add("Graph", _graph.All);
        Add("Relation vectors", _semantics.All);
        Add("Graph module", _module.All);
        Add("Training", [_batchSize, _negatives, _epochs, _learningRate, _seed, .. compatible ? (Option[])[] : [_patience]]);
        Add("Output", [_output, _device.Option, .. _checkpoint.All, .. _compatible.All]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Additions => _checkpoint.All;

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        _device.Check(context);
        bool compatible = _compatible.IsOn(context);
        string folder = context.Get(_output);
        SgmOptions shape = _module.Shape(context);
        if (_checkpoint.IsFinished(context, folder, Settings(context), SgmFolder.StateFile, SgmFolder.ConfigFile))
        {
            return ExitCode.Success;
        }

        KnowledgeGraph graph = _graph.Read(context, compatible);
        using var scope = NewDisposeScope();
        Tensor semantics = _semantics.Load(context, graph.Relations.Count, graph.AddInverse, context.Get(_seed), compatible);
        using SgmModule module = new(shape, semantics, new RandomStreams(context.Get(_seed)));
        module.MoveTo(_device.Find(context));
        using var display = new TrainingDisplay(context.Terminal);
        var lines = new EpochLines(display, compatible ? null : "valid MRR");
        SgmTrainingOptions training = TrainingOptions(context, compatible) with { Checkpoint = _checkpoint.Options(context, folder), Progress = lines };
        Triple[]? validation = compatible || graph.Triples(GraphSplit.Validation).IsEmpty ? null : graph.Triples(GraphSplit.Validation).ToArray();
        Directory.CreateDirectory(folder);

        context.Interruption.IsHeeded = true;
        TrainingResult result = new SgmTrainer(module, graph, training).Train(validationTriples: validation, cancellationToken: context.Interruption.Token);
        context.Interruption.IsHeeded = false;
        if (result.IsCancelled)
        {
            display.Dispose();
            return CheckpointFlags.Interrupted(context, result.History.Steps.Count);
        }

        lines.Finish(result.History.Steps.Count, training.NumberOfEpochs, result.BestEpoch, result.BestMetric, result.IsStoppedEarly);
        SgmStateDict.Write(module, Path.Combine(folder, SgmFolder.StateFile));
        PythonJson.WriteFile(Path.Combine(folder, SgmFolder.ConfigFile), Settings(context));
        CheckpointFlags.Clear(folder, SgmFolder.StateFile, SgmFolder.ConfigFile);
        return ExitCode.Success;
    }

    private SgmTrainingOptions TrainingOptions(CommandContext context, bool compatible) => new()
    {
        NumberOfEpochs = context.Get(_epochs),
        BatchSize = context.Get(_batchSize),
        NegativesPerPositive = context.Get(_negatives),
        LearningRate = context.Get(_learningRate),
        Seed = context.Get(_seed),
        DropLastBatch = compatible,
        EarlyStoppingPatience = !compatible && context.Get(_patience) is var patience && patience > 0 ? patience : null,
    };

    /// <summary>The reference's arguments in its order.</summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(CommandContext context)
    {
        Option[] options = [.. _graph.All, .. _semantics.All, .. _module.All, _batchSize, _negatives, _epochs, _learningRate, _seed, _output, _device.Option];
        return options.Select(context.Setting);
    }
}
