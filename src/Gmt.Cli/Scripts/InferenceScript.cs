using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary><c>inference_gmt.py</c>: answers the rows of a file in words, and judges the words.</summary>
internal sealed class InferenceScript : GmtCommand
{
    private readonly InferenceFlags _inference = new(isBaseModelRequired: true, usualTask: "classification");
    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--graph_dropout", withTraining: false);
    private readonly MemoryFlags _memory = new();
    private readonly Option<bool> _maskQuery = MemoryFlags.NewMaskQuery();
    private readonly DeviceFlag _device = new();

    /// <summary>Creates the command.</summary>
    public InferenceScript() : base("inference_gmt", "As inference_gmt.py: answers the rows of a file and judges the answers.")
    {
        Add("Model", _inference.BaseModel, _inference.Folder);
        Add("Data", [.. _inference.Rows, .. _graph.All]);
        Add("How the model was made", [.. _semantics.All, .. _module.All, .. _memory.All, _maskQuery]);
        Add("Answers", [.. _inference.Answers, _device.Option]);
    }

    /// <inheritdoc/>
    public override string Script => Name;

    /// <inheritdoc/>
    public override string Example => """
        --base_model examples/models/tiny-llama --gmt_dir checkpoints/gmt --kg_dir examples/data/codex-s \
        --data_path examples/data/codex-s/gmt-test.json --mask_query --max_eval 8
        """;

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        _device.Check(context);
        GmtFolder folder = GmtFolder.Open(context.Get(_inference.Folder));
        PromptTemplate template = TemplateFile.Find(context.Get(_inference.Template));
        KnowledgeGraph graph = ScriptGraph.Read(context, _graph);
        Questions questions = _inference.Read(context, graph, CompatibleFigures.TaskOf);
        string baseModel = ModelLocator.Default.Find(context.Get(_inference.BaseModel));
        using LanguageModel language = LanguageModel.LoadAsStored(baseModel, _device.Find(context));
        using GmtModel model = Load(context, folder, graph, language);
        model.Freeze();
        QueryMask mask = MemoryFlags.Mask(context.Get(_maskQuery));
        var generator = new ResponseGenerator(model, language.Tokenizer, template, mask, _inference.NewTokens(context));
        AnsweredRow[] answered = questions.Answer(context, generator, (progress, row) => progress.WriteResult(row.Response));
        if (CompatibleFigures.Line(questions.Task, answered, questions.HitsAt) is { } figures)
        {
            context.Terminal.Output.WriteLine(figures);
        }

        return ExitCode.Success;
    }

    /// <summary>The model, shaped as the arguments say: what does not fit the files is refused.</summary>
    private GmtModel Load(CommandContext context, GmtFolder folder, KnowledgeGraph graph, LanguageModel language)
    {
        PythonArguments config = folder.Arguments;
        string named = context.Get(_memory.Layers);
        IReadOnlyList<int>? layers = _memory.ParseLayers(
            named.Length > 0 ? named : config.Get("memory_layers", ""),
            context.Get(_memory.LayersFromOne) || config.Get("memory_layers_1based", otherwise: false));
        MemoryOptions memory = _memory.Shape(context, layers, folder.Lora);
        using var scope = NewDisposeScope();
        Tensor semantics = ScriptSemantics.Load(context, _semantics, graph.Relations.Count, graph.AddInverse, seed: 0);
        return folder.Load(language.Model, graph, new SgmModule(_module.Shape(context), semantics, new RandomStreams(0)), memory);
    }
}
