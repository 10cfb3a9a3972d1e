using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Cli.Scripts;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Stage 2: teaches a frozen language model to read the graph as memory.</summary>
internal sealed class FinetuneCommand : GmtCommand
{
    private static readonly string[] Results = [GmtStateDict.EncoderFile, GmtStateDict.MemoryFile, GmtFolder.ConfigFile];

    private readonly Option<string> _baseModel = Flag.RequiredText(
        "--base_model", "The language model: a folder, or a name in the local Hugging Face cache.", "MODEL");
    private readonly Option<string> _data;
    private readonly Option<string> _output = Flag.RequiredText(
        "--output_dir", "Where graph_encoder.pth, memory_attn.pth and gmt_config.json go.", "DIR");
    private readonly Option<string> _checkpointOfModule = Flag.Text(
        "--sgm_ckpt", "The graph module of stage 1, sgm_state.pth; untrained without it.", form: "FILE");
    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--graph_dropout");
    private readonly MemoryFlags _memory = new();
    private readonly FinetuneFlags _training = new();
    private readonly StrictFinetuneFlags _strict = new();
    private readonly CheckpointFlags _checkpoint = new();
    private readonly CompatibilityFlag _compatible;

    /// <summary>Creates the command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="compatible">Whether it always does what the Python script does.</param>
    public FinetuneCommand(string name, bool compatible)
        : base(
            name,
            compatible ? "Stage 2 as finetune_gmt.py: teaches a frozen language model to read the graph as memory."
            : "Stage 2: teaches a frozen language model to read the graph as memory.")
    {
        const string Rows = "The rows: instruction, input, output, embedding_ids (JSON or JSON lines)";
        _compatible = new CompatibilityFlag(compatible);
        _data = compatible ? Flag.RequiredText("--data_path", $"{Rows}.", "FILE")
            : Flag.Text("--data_path", $"{Rows}; questions about the graph's own triples without it.", form: "FILE");
        Add("Models", _baseModel, _checkpointOfModule);
        Add("Data", [_data, .. _graph.All]);
        Add("Graph module", [.. _semantics.All, .. _module.All]);
        Add("Memory", _memory.All);
        Add("What is trained", _training.Adapter);
        Add("Training", [.. _training.Optimization, .. compatible ? [] : _strict.Training]);
        Add("Rows", [.. _training.Rows, .. compatible ? [] : _strict.Rows]);
        Add("Output", [_output, .. compatible ? (Option[])[] : [_strict.Archive], .. _checkpoint.All, .. _compatible.All]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Additions => _checkpoint.All;

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        bool compatible = _compatible.IsOn(context, _data);
        if (compatible)
        {
            PrintSettings(context);
        }

        string folder = context.Get(_output);
        PromptTemplate template = TemplateFile.Find(context.Get(_training.Template));
        WorldSize.Check(Environment.GetEnvironmentVariable, context.Get(_training.BatchSize), context.Get(_training.MicroBatchSize));
        GmtTrainingOptions options = TrainingOptions(context, compatible);
        var streams = new RandomStreams(options.Seed);
        KnowledgeGraph graph = _graph.Read(context, compatible);
        InstructionExample[] examples = [.. Examples(context, graph, streams, compatible)];
        using LanguageModel language = LanguageModel.Load(new ModelLocator().Find(context.Get(_baseModel)), device: DeviceFlag.Automatic);
        using GmtModel model = Create(context, graph, language, streams, compatible);
        if (_checkpoint.IsFinished(context, folder, SettingsOf(context, model, options.Mask), Results))
        {
            return ExitCode.Success;
        }

        RowTokenizer tokenizer = _training.Tokenizer(context, language.Tokenizer, template);
        IReadOnlyList<TokenizedRow> rows = tokenizer.Tokenize(examples);
        int heldOut = context.Get(_training.ValidationRows);
        (IReadOnlyList<TokenizedRow> training, IReadOnlyList<TokenizedRow> validation) =
            compatible ? ReferenceHoldOut.Split(rows, heldOut, options.Seed) : RowBatches.HoldOut(rows, heldOut, streams);
        Directory.CreateDirectory(folder);

        using var display = new TrainingDisplay(context.Terminal);
        var epochs = new EpochLines(display, "valid loss");
        options = options with
        {
            Progress = compatible ? TrainerLog.Of(display, options, training, streams) : epochs,
            Checkpoint = _checkpoint.Options(context, folder),
        };
        context.Interruption.IsHeeded = true;
        TrainingResult result = new GmtTrainer(model, options).Train(training, validation, context.Interruption.Token);
        context.Interruption.IsHeeded = false;
        display.Dispose();
        if (result.IsCancelled)
        {
            return CheckpointFlags.Interrupted(context, result.History.Steps.Count);
        }

        if (!compatible)
        {
            epochs.Finish(result.History.Steps.Count, options.NumberOfEpochs, result.BestEpoch, result.BestMetric, result.IsStoppedEarly);
        }

        Save(context, model, folder, options.Mask);
        return ExitCode.Success;
    }

    private IEnumerable<InstructionExample> Examples(CommandContext context, KnowledgeGraph graph, RandomStreams streams, bool compatible) =>
        context.Get(_data) is var data && (data.Length > 0 || compatible) ? InstructionFile.Read(data, graph) : _strict.Examples(context, graph, streams);

    private GmtTrainingOptions TrainingOptions(CommandContext context, bool compatible)
    {
        GmtTrainingOptions options = _training.Options(context);
        return !compatible ? _strict.Apply(context, options) : options with
        {
            Mask = _memory.Mask(context),
            CarryIncompleteSteps = true,
            ValidationSteps = TrainingProgress.RecentSteps,
            AverageValidationBatches = true,
            KeepBestWeights = false,
        };
    }

    private GmtModel Create(CommandContext context, KnowledgeGraph graph, LanguageModel language, RandomStreams streams, bool compatible)
    {
        IReadOnlyList<int>? layers = _memory.ParseLayers(context.Get(_memory.Layers), context.Get(_memory.LayersFromOne));
        MemoryOptions memory = _memory.Shape(context, layers, _training.Lora(context));
        _ = memory.LayersIn(language.Model.Config.LayerCount); // refused before anything else is made
        SgmModule module = compatible ? ModuleOfArguments(context, graph, streams) : ModuleOfCheckpoint(context, graph, streams);
        return new GmtModel(language.Model, graph, module, memory, streams);
    }

    /// <summary>As the script does: the arguments tell the shape, and the checkpoint must fit.</summary>
    private SgmModule ModuleOfArguments(CommandContext context, KnowledgeGraph graph, RandomStreams streams, bool compatible = true)
    {
        using var scope = NewDisposeScope();
        Tensor semantics = _semantics.Load(context, graph.Relations.Count, graph.AddInverse, streams.BaseSeed, compatible);
        SgmModule module = new(_module.Shape(context), semantics, streams);
        if (context.Get(_checkpointOfModule) is { Length: > 0 } checkpoint)
        {
            SgmStateDict.Read(module, checkpoint);
        }

        return module;
    }

    /// <summary>The checkpoint tells its own shape; arguments that say otherwise are refused.</summary>
    private SgmModule ModuleOfCheckpoint(CommandContext context, KnowledgeGraph graph, RandomStreams streams)
    {
        if (context.Get(_checkpointOfModule) is not { Length: > 0 } checkpoint)
        {
            context.Terminal.Warn("the graph module is untrained; 'gmt pretrain' trains one for --sgm_ckpt");
            return ModuleOfArguments(context, graph, streams, compatible: false);
        }

        PythonArguments saved = PythonArguments.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(checkpoint))!, SgmFolder.ConfigFile));
        SavedSettings.Check(context, saved, [.. _graph.All[1..], .. _semantics.All, .. _module.All]);
        return SgmFolder.Load(checkpoint, graph);
    }

    private void Save(CommandContext context, GmtModel model, string folder, QueryMask mask)
    {
        GmtFolder.Write(model, folder, SettingsOf(context, model, mask));
        if (context.Get(_strict.Archive) is { Length: > 0 } archive)
        {
            MLContext ml = new();
            using GmtTransformer transformer = ml.Model.LoadGmtCheckpoint(
                folder, new ModelLocator().Find(context.Get(_baseModel)), model.Graph, TemplateFile.Options(context.Get(_training.Template)));
            AtomicFile.Write(archive, stream => ml.Model.Save(transformer, model.Graph.ToDataView(GraphSplit.Train).Schema, stream));
        }

        CheckpointFlags.Clear(folder, Results);
    }

    private void PrintSettings(CommandContext context)
    {
        if (WorldSize.IsFirst(Environment.GetEnvironmentVariable))
        {
            context.Terminal.Output.WriteLine(PythonJson.Write(Settings(context)).ReplaceLineEndings(context.Terminal.Output.NewLine));
            context.Terminal.Output.Flush();
        }
    }

    /// <summary>The reference's arguments in its order.</summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(CommandContext context)
    {
        Option[] before =
            [_baseModel, _data, _output, _graph.Folder, _checkpointOfModule, .. _graph.All[1..], .. _semantics.All, .. _module.All, .. _memory.All];
        return [.. before.Select(context.Setting), .. _training.Settings(context)];
    }

    /// <summary>The same with what the arguments left open: the layers that were chosen, the module's shape out of its checkpoint, the mask.</summary>
    private IEnumerable<KeyValuePair<string, object?>> SettingsOf(CommandContext context, GmtModel model, QueryMask mask)
    {
        bool named = context.Get(_memory.Layers).Length > 0;
        Dictionary<string, object?> settled = new() { ["mask_query"] = mask.Edges, ["add_inverse"] = model.Graph.AddInverse };
        if (!named)
        {
            (settled["memory_layers"], settled["memory_layers_1based"]) = (GmtFolder.FormatLayers(model.MemoryLayers.Keys), false);
        }

        if (!_compatible.IsOn(context))
        {
            foreach ((string name, object? value) in SgmFolder.ModuleArguments(model.Encoder.GraphModule, "graph_dropout"))
            {
                settled[name] = value;
            }
        }

        return Settings(context).Select(setting => settled.TryGetValue(setting.Key, out object? value) ? new(setting.Key, value) : setting);
    }
}
