using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Graphs;
using Microsoft.ML.Gmt.Cli.Memory;
using Microsoft.ML.Gmt.Cli.Models;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Cli.Training;
using Microsoft.ML.Gmt.Evaluation.TextRanking;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Memory.Prompts;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Runtime.Python;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Inference;

/// <summary>Answers the rows of a file and judges the answers.</summary>
internal sealed class InferenceCommand : GmtCommand
{
    private readonly Option<string> _baseModel;
    private readonly Option<string> _folder = Flag.RequiredText(
        "--gmt_dir", "What finetune_gmt wrote: graph_encoder.pth, memory_attn.pth, gmt_config.json.", "DIR");
    private readonly Option<string> _data = Flag.RequiredText(
        "--data_path", "The rows: instruction, input, output, embedding_ids (JSON or JSON lines).", "FILE");
    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--graph_dropout", withTraining: false);
    private readonly MemoryFlags _memory = new();
    private readonly Option<int> _newTokens = Flag.Integer("--max_new_tokens", "Tokens of a response.", 16);
    private readonly Option<string> _template = Flag.Text(
        "--prompt_template_name", $"The text around a question: {string.Join(", ", PromptTemplate.Names)}.", "alpaca", "NAME");
    private readonly Option<string> _task;
    private readonly Option<string> _hits = Flag.Text("--hits_k", "The k of Hits@k.", "1,3,10", "LIST");
    private readonly Option<int> _most = Flag.Integer("--max_eval", "Rows to answer; 0 for all.", 0);
    private readonly Option<string> _device = Flag.Text("--device", "Taken for compatibility: inference runs on the CPU.", "cuda", "NAME");
    private readonly CompatibilityFlag _compatible;
    private readonly JsonFlag _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="compatible">Whether it always does what the Python script does.</param>
    public InferenceCommand(string name, bool compatible)
        : base(
            name,
            compatible ? "As inference_gmt.py: answers the rows of a file and judges the answers."
            : "Judges the rows of a file by probabilities, and beside them by words as the script does.")
    {
        const string Model = "The language model: a folder, or a name in the local Hugging Face cache";
        _compatible = new CompatibilityFlag(compatible);
        _baseModel = compatible ? Flag.RequiredText("--base_model", $"{Model}.", "MODEL")
            : Flag.Text("--base_model", $"{Model}; that of the training where none is named.", form: "MODEL");
        string[] tasks = compatible ? ["classification", "link_prediction", "auto"] : ["auto", "classification", "link_prediction"];
        _task = Flag.Choice("--task", "What is asked; auto decides by the first row.", tasks);
        Add("Model", _baseModel, _folder);
        Add("Data", [_data, _task, _hits, _most, .. _graph.All]);
        Add(compatible ? "How the model was made" : "How the model was made; its folder says so itself", [.. _semantics.All, .. _module.All, .. _memory.All]);
        Add("Answers", _newTokens, _template, _device);
        if (!compatible)
        {
            Add("Output", [.. _json.All, .. _compatible.All]);
        }
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        IReadOnlyList<int> hitsAt = IntegerList.Parse(_hits.Name, context.Get(_hits));
        return _compatible.IsOn(context) ? ExecuteCompatibly(context, hitsAt) : ExecuteStrictly(context, hitsAt);
    }

    private int ExecuteCompatibly(CommandContext context, IReadOnlyList<int> hitsAt)
    {
        PromptTemplate template = PromptTemplate.Named(context.Get(_template));
        KnowledgeGraph graph = _graph.Read(context, compatible: true);
        using LanguageModel baseModel = LanguageModel.Load(context.Get(_baseModel));
        using GmtModel model = LoadByArguments(context, graph, baseModel);
        ResponseGenerator generator = new(model, baseModel.Tokenizer, template, _memory.Mask(context), context.Get(_newTokens));
        List<AnsweredRow> answered = [];
        foreach (AnsweredRow row in generator.Answer(Questions(context, graph)))
        {
            answered.Add(row);
            context.Terminal.Output.WriteLine(row.Response);
            context.Terminal.Output.Flush();
        }

        if (CompatibleFigures.Line(Task(context, answered), answered, hitsAt) is { } figures)
        {
            context.Terminal.Output.WriteLine(figures);
        }

        return ExitCode.Success;
    }

    private int ExecuteStrictly(CommandContext context, IReadOnlyList<int> hitsAt)
    {
        GmtFolder folder = GmtFolder.Open(context.Get(_folder));
        SavedSettings.Check(context, folder.Arguments, [.. _graph.All[1..], .. _semantics.All, .. _module.All, .. _memory.All, _template]);
        KnowledgeGraph graph = _graph.Read(context, folder.Arguments);
        string name = context.Get(_baseModel) is { Length: > 0 } given ? given : folder.BaseModel;
        using LanguageModel baseModel = LanguageModel.Load(
            name.Length > 0 ? name : throw new UsageError($"{folder.Path} does not say which language model it is for; give --base_model"));
        using GmtModel model = folder.Load(baseModel.Model, graph);
        PromptTemplate template = folder.Arguments.Contains("prompt_template_name") ? folder.Template : PromptTemplate.Named(context.Get(_template));
        var generator = new ResponseGenerator(model, baseModel.Tokenizer, template, folder.Mask, context.Get(_newTokens));
        AnsweredRow[] rows = [.. generator.Answer(Questions(context, graph))];
        var judge = new RowJudge(model, baseModel.Tokenizer, template, folder.Mask);
        InstructionExample[] questions = [.. rows.Select(row => row.Question)];
        string title = $"{folder.Path} on {context.Get(_data)}";
        _json.Write(context, Task(context, rows) == TextTask.Classification
            ? StrictReport.OfVerdicts(title, rows, judge.Judge(questions, context.Interruption.Token))
            : StrictReport.OfRanks(title, rows, [.. questions.Select(question => judge.Rank(question, context.Interruption.Token))], hitsAt));
        return ExitCode.Success;
    }

    private IEnumerable<InstructionExample> Questions(CommandContext context, KnowledgeGraph graph)
    {
        IEnumerable<InstructionExample> all = InstructionFile.Read(context.Get(_data), graph, outputRequired: false, keepJson: true);
        return context.Get(_most) is > 0 and var most ? all.Take(most) : all;
    }

    private TextTask Task(CommandContext context, IReadOnlyList<AnsweredRow> rows) => CompatibleFigures.TaskOf(context.Get(_task), rows);

    /// <summary>The model, shaped as the arguments say: what does not fit the files is refused.</summary>
    private GmtModel LoadByArguments(CommandContext context, KnowledgeGraph graph, LanguageModel baseModel)
    {
        string folder = context.Get(_folder);
        PythonArguments config = GmtFolder.Open(folder).Arguments;
        string named = context.Get(_memory.Layers);
        IReadOnlyList<int>? layers = _memory.ParseLayers(
            named.Length > 0 ? named : config.Get("memory_layers", ""),
            context.Get(_memory.LayersFromOne) || config.Get("memory_layers_1based", otherwise: false));
        LoraOptions lora = new() { Rank = config.Get("lora_r", 64), Alpha = config.Get("lora_alpha", 128.0), Dropout = config.Get("lora_dropout", 0.01) };
        using var scope = NewDisposeScope();
        Tensor semantics = _semantics.Load(context, graph.Relations.Count, graph.AddInverse, seed: 0, compatible: true);
        SgmModule module = new(_module.Shape(context), semantics, new RandomStreams(0));
        GmtModel model = new(baseModel.Model, graph, module, _memory.Shape(context, layers, lora), new RandomStreams(0));
        GmtStateDict.Read(model, folder);
        return model;
    }
}
