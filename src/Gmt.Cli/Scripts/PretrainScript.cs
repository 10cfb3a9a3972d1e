using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary><c>pretrain_gmt.py</c>: trains a graph module on a graph's triples, unmasked, whole batches only.</summary>
internal sealed class PretrainScript : GmtCommand
{
    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--dropout");
    private readonly PretrainFlags _training = new(SgmTrainingOptions.Reference);
    private readonly CheckpointFlags _checkpoint = new();

    /// <summary>Creates the command.</summary>
    public PretrainScript() : base("pretrain_gmt", "Stage 1 as pretrain_gmt.py: trains a graph module on a graph's triples.")
    {
        Add("Graph", _graph.All);
        Add("Relation vectors", _semantics.All);
        Add("Graph module", _module.All);
        Add("Training", _training.All);
        Add("Output", [_training.Output, _training.Device.Option, .. _checkpoint.All]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Additions => _checkpoint.All;

    /// <inheritdoc/>
    public override string Script => Name;

    /// <inheritdoc/>
    public override string Example => "--kg_dir examples/data/codex-s --output_dir checkpoints/sgm --epochs 4";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        _training.Device.Check(context);
        string folder = context.Get(_training.Output);
        SgmOptions shape = _module.Shape(context);
        if (_checkpoint.IsFinished(context, folder, Settings(context), PretrainFlags.Results))
        {
            return ExitCode.Success;
        }

        KnowledgeGraph graph = ScriptGraph.Read(context, _graph);
        int seed = _training.Seed.Of(context);
        using var scope = NewDisposeScope();
        Tensor semantics = ScriptSemantics.Load(context, _semantics, graph.Relations.Count, graph.AddInverse, seed);
        using SgmModule module = new(shape, semantics, new RandomStreams(seed));
        module.MoveTo(_training.Device.Find(context));
        using var display = new TrainingDisplay(context.Terminal);
        var lines = new EpochLines(display, figure: null);
        SgmTrainingOptions training = _training.Options(context) with
        {
            DropLastBatch = true,
            Checkpoint = _checkpoint.Options(context, folder),
            Progress = lines,
        };
        using FileLock held = CheckpointFlags.Hold(folder, PretrainFlags.Results);
        context.Interruption.IsHeeded = true;
        var trainer = new SgmTrainer(module, graph, training, upperEnds: false);
        TrainingResult result = trainer.Train(cancellationToken: context.Interruption.Token);
        context.Interruption.IsHeeded = false;
        if (result.IsCancelled)
        {
            display.Dispose();
            return CheckpointFlags.Interrupted(context, result.History.Steps.Count);
        }

        lines.Finish(result.History.Steps.Count, training.NumberOfEpochs!.Value);
        SgmStateDict.Write(module, Path.Combine(folder, SgmFolder.StateFile));
        PythonJson.WriteFile(Path.Combine(folder, SgmFolder.ConfigFile), Settings(context));
        CheckpointFlags.Clear(folder, PretrainFlags.Results);
        return ExitCode.Success;
    }

    /// <summary>The reference's arguments in its order.</summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(CommandContext context) =>
        _training.Settings(context, _graph, _semantics, _module);
}
