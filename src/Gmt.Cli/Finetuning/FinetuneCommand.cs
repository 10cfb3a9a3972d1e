using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Graphs;
using Microsoft.ML.Gmt.Cli.Memory;
using Microsoft.ML.Gmt.Cli.Models;
using Microsoft.ML.Gmt.Cli.Training;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Memory.Prompts;
using Microsoft.ML.Gmt.Memory.Training;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Runtime.Python;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Finetuning;

/// <summary>As <c>finetune_gmt.py</c>: teaches a frozen language model to read the graph as memory.</summary>
internal sealed class FinetuneCommand : GmtCommand
{
    private readonly Option<string> _baseModel = Flag.RequiredText("--base_model", "The language model: a folder, or a name in the local Hugging Face cache.", "MODEL");
    private readonly Option<string> _data = Flag.RequiredText("--data_path", "The rows: instruction, input, output, embedding_ids (JSON or JSON lines).", "FILE");
    private readonly Option<string> _output = Flag.RequiredText("--output_dir", "Where graph_encoder.pth, memory_attn.pth and gmt_config.json go.", "DIR");
    private readonly Option<string> _checkpointOfModule = Flag.Text("--sgm_ckpt", "The graph module of stage 1, sgm_state.pth; untrained without it.", form: "FILE");
    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--graph_dropout");
    private readonly MemoryFlags _memory = new();
    private readonly FinetuneFlags _training = new();
    private readonly CheckpointFlags _checkpoint = new();

    /// <summary>Creates the command.</summary>
    public FinetuneCommand() : base("finetune_gmt", "Stage 2 as finetune_gmt.py: teaches a frozen language model to read the graph as memory.")
    {
        Add("Models", _baseModel, _checkpointOfModule);
        Add("Data", [_data, .. _graph.All]);
        Add("Graph module", [.. _semantics.All, .. _module.All]);
        Add("Memory", _memory.All);
        Add("What is trained", _training.Adapter);
        Add("Training", _training.Optimization);
        Add("Rows", _training.Rows);
        Add("Output", [_output, .. _checkpoint.All]);
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        if (WorldSize.IsFirst(Environment.GetEnvironmentVariable))
        {
            context.Terminal.Output.WriteLine(PythonJson.Write(Settings(context)).ReplaceLineEndings(context.Terminal.Output.NewLine));
            context.Terminal.Output.Flush();
        }

        string folder = context.Get(_output);
        PromptTemplate template = PromptTemplate.Named(context.Get(_training.Template));
        WorldSize.Check(Environment.GetEnvironmentVariable, context.Get(_training.BatchSize), context.Get(_training.MicroBatchSize));
        using LanguageModel baseModel = LanguageModel.Load(context.Get(_baseModel));
        IReadOnlyList<int>? layers = _memory.ParseLayers(context.Get(_memory.Layers), context.Get(_memory.LayersFromOne));
        KnowledgeGraph graph = _graph.Read(context, compatible: true);
        GmtTrainingOptions options = _training.Options(context) with
        {
            Mask = _memory.Mask(context),
            CarryIncompleteSteps = true,
            ValidationSteps = TrainingProgress.RecentSteps,
            KeepBestWeights = false,
            Checkpoint = _checkpoint.Options(context, folder),
        };
        var streams = new RandomStreams(options.Seed);
        using GmtModel model = Create(context, graph, baseModel, layers, streams);
        RowTokenizer tokenizer = _training.Tokenizer(context, baseModel.Tokenizer, template);
        IReadOnlyList<TokenizedRow> rows = tokenizer.Tokenize(InstructionFile.Read(context.Get(_data), graph));
        (IReadOnlyList<TokenizedRow> training, IReadOnlyList<TokenizedRow> validation) = RowBatches.HoldOut(rows, context.Get(_training.ValidationRows), streams);
        Directory.CreateDirectory(folder);

        using var display = new TrainingDisplay(context.Terminal);
        options = options with { Progress = Log(display, options, training, streams) };
        context.Interruption.IsHeeded = true;
        GmtTrainingResult result = new GmtTrainer(model, options).Train(training, validation, context.Interruption.Token);
        context.Interruption.IsHeeded = false;
        display.Dispose();
        if (result.IsCancelled)
        {
            return CheckpointFlags.Interrupted(context, result.History.Steps.Count);
        }

        GmtStateDict.Write(model, folder);
        PythonJson.WriteFile(Path.Combine(folder, GmtFolder.ConfigFile), SavedSettings(context, model));
        CheckpointFlags.Clear(folder, GmtStateDict.EncoderFile, GmtStateDict.MemoryFile, GmtFolder.ConfigFile);
        return ExitCode.Success;
    }

    private GmtModel Create(CommandContext context, KnowledgeGraph graph, LanguageModel baseModel, IReadOnlyList<int>? layers, RandomStreams streams)
    {
        using var scope = NewDisposeScope();
        Tensor semantics = _semantics.Load(context, graph.Relations.Count, graph.AddInverse, streams.BaseSeed, compatible: true);
        SgmModule module = new(_module.Shape(context), semantics, streams);
        if (context.Get(_checkpointOfModule) is { Length: > 0 } checkpoint)
        {
            SgmStateDict.Read(module, checkpoint);
        }

        return new GmtModel(baseModel.Model, graph, module, _memory.Shape(context, layers, _training.Lora(context)), streams);
    }

    private static TrainerLog Log(TrainingDisplay display, GmtTrainingOptions options, IReadOnlyList<TokenizedRow> rows, RandomStreams streams)
    {
        BatchSizes sizes = new(options.BatchSize, options.MicroBatchSize ?? options.BatchSize);
        RowBatches batches = new(rows, sizes, streams, options.GroupByLength, options.CarryIncompleteSteps);
        LinearSchedule schedule = new(options.LearningRate, batches.StepsPerEpoch * options.NumberOfEpochs, options.WarmupSteps);
        return new TrainerLog(display, schedule, Math.Min(sizes.AccumulationSteps, batches.MicroBatchesPerEpoch), batches.MicroBatchesPerEpoch);
    }

    /// <summary>The reference's arguments in its order.</summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(CommandContext context)
    {
        Option[] before = [_baseModel, _data, _output, _graph.Folder, _checkpointOfModule, .. _graph.All[1..], .. _semantics.All, .. _module.All, .. _memory.All];
        return [.. before.Select(context.Setting), .. _training.Settings(context)];
    }

    /// <summary>The same with the layers that were chosen where none were named.</summary>
    private IEnumerable<KeyValuePair<string, object?>> SavedSettings(CommandContext context, GmtModel model)
    {
        bool named = context.Get(_memory.Layers).Length > 0;
        foreach (KeyValuePair<string, object?> setting in Settings(context))
        {
            yield return named ? setting : setting.Key switch
            {
                "memory_layers" => new(setting.Key, GmtFolder.FormatLayers(model.MemoryLayers.Keys)),
                "memory_layers_1based" => new(setting.Key, false),
                _ => setting,
            };
        }
    }
}
