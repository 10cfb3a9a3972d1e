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
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Commands;

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
    private readonly Option<string> _template = TemplateFile.NewOption();
    private readonly Option<string> _task;
    private readonly Option<string> _hits = Flag.Text("--hits_k", "The k of Hits@k.", "1,3,10", "LIST");
    private readonly Option<int> _most = Flag.Integer("--max_eval", "Rows to answer; 0 for all.", 0);
    private readonly DeviceFlag _device = new();
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
        Add("Answers", _newTokens, _template, _device.Option);
        if (!compatible)
        {
            Add("Output", [.. _json.All, .. _compatible.All]);
        }
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        _device.Check(context);
        GmtFolder folder = GmtFolder.Open(context.Get(_folder));
        return _compatible.IsOn(context, _baseModel) ? ExecuteCompatibly(context, folder) : ExecuteStrictly(context, folder);
    }

    private int ExecuteCompatibly(CommandContext context, GmtFolder folder)
    {
        PromptTemplate template = TemplateFile.Find(context.Get(_template));
        KnowledgeGraph graph = _graph.Read(context, compatible: true);
        Questions questions = ReadQuestions(context, graph);
        using LanguageModel baseModel = LanguageModel.Load(new ModelLocator().Find(context.Get(_baseModel)), device: _device.Find(context));
        using GmtModel model = LoadByArguments(context, folder, graph, baseModel);
        model.Freeze();
        var generator = new ResponseGenerator(model, baseModel.Tokenizer, template, _memory.Mask(context), NewTokens(context));
        AnsweredRow[] answered = Answer(context, generator, questions, (progress, row) => progress.WriteResult(row.Response));
        if (CompatibleFigures.Line(questions.Task, answered, questions.HitsAt) is { } figures)
        {
            context.Terminal.Output.WriteLine(figures);
        }

        return ExitCode.Success;
    }

    private int ExecuteStrictly(CommandContext context, GmtFolder folder)
    {
        SavedSettings.Check(context, folder.Arguments, [.. _graph.All[1..], .. _semantics.All, .. _module.All, .. _memory.All, _template]);
        PromptTemplate template = TemplateFile.Find(folder.Arguments.Get(_template.Name.TrimStart('-'), context.Get(_template)));
        KnowledgeGraph graph = _graph.Read(context, folder.Arguments);
        Questions questions = ReadQuestions(context, graph);
        string name = context.Get(_baseModel) is { Length: > 0 } given ? given
            : folder.BaseModel is { Length: > 0 } recorded ? recorded
            : throw new UsageError($"{folder.Path} does not say which language model it is for; give --base_model");
        using LanguageModel baseModel = LanguageModel.Load(new ModelLocator().Find(name), device: _device.Find(context));
        using GmtModel model = folder.Load(baseModel.Model, graph);
        model.Freeze();
        var generator = new ResponseGenerator(model, baseModel.Tokenizer, template, folder.Mask, NewTokens(context));
        AnsweredRow[] rows = Answer(context, generator, questions, (_, _) => { });
        var judge = new RowJudge(model, baseModel.Tokenizer, template, folder.Mask);
        string title = $"{folder.Path} on {context.Get(_data)}";
        Report report;
        using (var progress = new RowProgress(context.Terminal, "judgements", rows.Length))
        {
            report = questions.Task == TextTask.Classification
                ? StrictReport.OfVerdicts(title, rows, judge.Judge(questions.Rows, progress, context.Interruption.Token))
                : StrictReport.OfRanks(title, rows, judge.Rank(questions.Rows, progress, context.Interruption.Token), questions.HitsAt);
        }

        _json.Write(context, report);
        return ExitCode.Success;
    }

    /// <summary>Reads all that is asked, so that a fault of a late row is told before the first answer.</summary>
    private Questions ReadQuestions(CommandContext context, KnowledgeGraph graph)
    {
        IEnumerable<InstructionExample> all = InstructionFile.Read(context.Get(_data), graph, outputRequired: false, keepJson: true);
        InstructionExample[] rows = [.. context.Get(_most) is > 0 and var most ? all.Take(most) : all];
        if (rows.Length == 0)
        {
            context.Terminal.Warn($"{context.Get(_data)} holds no rows");
        }

        TextTask task = CompatibleFigures.TaskOf(context.Get(_task), rows);
        return new Questions(rows, task, task == TextTask.LinkPrediction ? IntegerList.Parse(_hits.Name, context.Get(_hits)) : []);
    }

    private static AnsweredRow[] Answer(
        CommandContext context, ResponseGenerator generator, Questions questions, Action<RowProgress, AnsweredRow> handle)
    {
        using var progress = new RowProgress(context.Terminal, "answers", questions.Rows.Length);
        context.Interruption.IsHeeded = true;
        List<AnsweredRow> answered = [];
        foreach (AnsweredRow row in generator.Answer(questions.Rows, context.Interruption.Token))
        {
            answered.Add(row);
            handle(progress, row);
            progress.Report(1);
        }

        return [.. answered];
    }

    /// <summary>None where the number is negative, as in the script.</summary>
    private int NewTokens(CommandContext context) => Math.Max(context.Get(_newTokens), 0);

    /// <summary>The model, shaped as the arguments say: what does not fit the files is refused.</summary>
    private GmtModel LoadByArguments(CommandContext context, GmtFolder folder, KnowledgeGraph graph, LanguageModel baseModel)
    {
        PythonArguments config = folder.Arguments;
        string named = context.Get(_memory.Layers);
        IReadOnlyList<int>? layers = _memory.ParseLayers(
            named.Length > 0 ? named : config.Get("memory_layers", ""),
            context.Get(_memory.LayersFromOne) || config.Get("memory_layers_1based", otherwise: false));
        MemoryOptions memory = _memory.Shape(context, layers, folder.Lora);
        using var scope = NewDisposeScope();
        Tensor semantics = _semantics.Load(context, graph.Relations.Count, graph.AddInverse, seed: 0, compatible: true);
        return folder.Load(baseModel.Model, graph, new SgmModule(_module.Shape(context), semantics, new RandomStreams(0)), memory);
    }

    /// <summary>What is asked.</summary>
    /// <param name="Rows">The rows.</param>
    /// <param name="Task">Their kind.</param>
    /// <param name="HitsAt">The k of Hits@k; none for verdicts.</param>
    private sealed record Questions(InstructionExample[] Rows, TextTask Task, IReadOnlyList<int> HitsAt);
}
