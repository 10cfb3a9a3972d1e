using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary><c>finetune_gmt.py</c>: teaches a frozen language model to read the graph as memory, on rows of a file.</summary>
internal sealed class FinetuneScript : GmtCommand
{
    private readonly FinetuneFiles _files = new(isDataRequired: true);
    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--graph_dropout");
    private readonly MemoryFlags _memory = new();
    private readonly Option<bool> _maskQuery = MemoryFlags.NewMaskQuery();
    private readonly FinetuneFlags _training = new(trainOnInputs: true, GmtTrainingOptions.Reference);
    private readonly CheckpointFlags _checkpoint = new();

    /// <summary>Creates the command.</summary>
    public FinetuneScript() : base(
        "finetune_gmt", "Stage 2 as finetune_gmt.py: teaches a frozen language model to read the graph as memory.")
    {
        Add("Models", _files.BaseModel, _files.ModuleCheckpoint);
        Add("Data", [_files.Data, .. _graph.All]);
        Add("Graph module", [.. _semantics.All, .. _module.All]);
        Add("Memory", [.. _memory.All, _maskQuery]);
        Add("What is trained", _training.Adapter);
        Add("Training", _training.Optimization);
        Add("Rows", _training.Rows);
        Add("Output", [_files.Output, .. _checkpoint.All]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Additions => _checkpoint.All;

    /// <inheritdoc/>
    public override string Script => Name;

    /// <inheritdoc/>
    public override bool SharesWork => true;

    /// <inheritdoc/>
    public override string Example => """
        --base_model examples/models/tiny-llama --kg_dir examples/data/codex-s --sgm_ckpt checkpoints/sgm/sgm_state.pth \
        --data_path examples/data/codex-s/gmt-valid.json --output_dir checkpoints/gmt --mask_query
        """;

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        RankOptions ranks = RankedRun.Read();
        PrintSettings(context, ranks);
        PromptTemplate template = TemplateFile.Find(context.Get(_training.Template));
        _ = new BatchSizes(context.Get(_training.BatchSize), _training.MicroBatchSize(context), ranks.Size);
        GmtTrainingOptions options = _training.Options(context) with
        {
            Mask = MemoryFlags.Mask(context.Get(_maskQuery)),
            CarryIncompleteSteps = true,
            ValidationSteps = TrainingProgress.RecentSteps,
            AverageValidationBatches = true,
            KeepBestWeights = false,
        };
        options.Check(upperEnds: false);
        return RankedRun.Execute(context, ranks, (own, processes) => Train(own, processes.Ranks, template, options));
    }

    /// <summary>Trains with all ranks; rank 0 alone writes.</summary>
    private (int Code, long Rows) Train(CommandContext context, ICollective ranks, PromptTemplate template, GmtTrainingOptions options)
    {
        string folder = context.Get(_files.Output);
        bool writes = ranks.Rank == 0;
        var streams = new RandomStreams(options.SeedOrDefault);
        KnowledgeGraph graph = ScriptGraph.Read(context, _graph);
        InstructionExample[] examples = [.. InstructionFile.Read(context.Get(_files.Data), graph)];
        string baseModel = ModelLocator.Default.Find(context.Get(_files.BaseModel));
        using LanguageModel language = LanguageModel.LoadAsStored(baseModel, DeviceFlag.Automatic);
        using GmtModel model = Create(context, graph, language, streams);
        if (ranks.Any(writes && _checkpoint.IsFinished(context, folder, SettingsOf(context, model), FinetuneFiles.Results)))
        {
            return (ExitCode.Success, 0);
        }

        IReadOnlyList<TokenizedRow> rows = _training.Text(context, template).RowTokenizer(language.Tokenizer).Tokenize(examples);
        (IReadOnlyList<TokenizedRow> training, IReadOnlyList<TokenizedRow> validation) =
            ReferenceHoldOut.Split(rows, context.Get(_training.ValidationRows), options.SeedOrDefault);
        using FileLock? held = writes ? CheckpointFlags.Hold(folder, FinetuneFiles.Results) : null;
        using var display = new TrainingDisplay(context.Terminal);
        options = options with
        {
            Progress = writes ? TrainerLog.Of(display, options, training, streams) : null,
            Checkpoint = _checkpoint.Options(context, folder),
        };
        context.Interruption.IsHeeded = true;
        TrainingResult result = new GmtTrainer(model, options, upperEnds: false) { Ranks = ranks }
            .Train(training, validation, context.Interruption.Token);
        context.Interruption.IsHeeded = false;
        display.Dispose();
        if (result.IsCancelled)
        {
            return (CheckpointFlags.Interrupted(context, result.History.Steps.Count), result.RowsTaken);
        }

        if (writes)
        {
            GmtFolder.Write(model, folder, SettingsOf(context, model));
            CheckpointFlags.Clear(folder, FinetuneFiles.Results);
        }

        return (ExitCode.Success, result.RowsTaken);
    }

    private GmtModel Create(CommandContext context, KnowledgeGraph graph, LanguageModel language, RandomStreams streams)
    {
        MemoryOptions memory = _memory.Shape(context, _training.Lora(context));
        _ = memory.LayersIn(language.Model.Config.LayerCount); // refused before anything else is made
        using var scope = NewDisposeScope();
        Tensor semantics = ScriptSemantics.Load(context, _semantics, graph.Relations.Count, graph.AddInverse, streams.BaseSeed);
        SgmModule module = new(_module.Shape(context), semantics, streams);
        if (context.Get(_files.ModuleCheckpoint) is { Length: > 0 } checkpoint)
        {
            SgmStateDict.Read(module, checkpoint);
        }

        return new GmtModel(language.Model, graph, module, memory, streams);
    }

    /// <summary>As the script does: once on each machine.</summary>
    private void PrintSettings(CommandContext context, RankOptions ranks)
    {
        if (ranks.LocalRank == 0)
        {
            context.Terminal.Output.WriteLine(PythonJson.Write(Settings(context)).ReplaceLineEndings(context.Terminal.Output.NewLine));
            context.Terminal.Output.Flush();
        }
    }

    /// <summary>The reference's arguments in its order.</summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(CommandContext context) =>
        _files.Settings(context, _graph, [.. _semantics.All, .. _module.All, .. _memory.All], [context.Setting(_maskQuery)], _training);

    /// <summary>The same, with the layers that were chosen where the arguments left that open.</summary>
    private IEnumerable<KeyValuePair<string, object?>> SettingsOf(CommandContext context, GmtModel model) =>
        Settings(context).Settled(_memory.ChosenLayers(context, model.MemoryLayers.Keys));
}
