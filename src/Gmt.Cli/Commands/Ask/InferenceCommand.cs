using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Judges the rows of a file by probabilities, and beside them by words as the script does.</summary>
internal sealed class InferenceCommand : GmtCommand
{
    private readonly InferenceFlags _inference = new(isBaseModelRequired: false, usualTask: "auto");
    private readonly GraphSourceFlags _graph = new(GraphSourceFlags.NewRequired());
    private readonly SplitFlags _split = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--graph_dropout", withTraining: false);
    private readonly MemoryFlags _memory = new();
    private readonly LabelFlags _labels = new();
    private readonly DeviceFlag _device = new();
    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public InferenceCommand()
        : base("inference", "Judges the rows of a file by probabilities, and beside them by words as the script does.")
    {
        Add("Model", _inference.BaseModel, _inference.Folder);
        Add("Data", [.. _inference.Rows, .. _labels.All, _graph.Reference.Folder]);
        Add(
            "How the model was made; its folder says so itself",
            [.. _graph.Files, .. _split.All, .. _graph.Layout, .. _semantics.All, .. _module.All, .. _memory.All]);
        Add("Answers", [.. _inference.Answers, _device.Option]);
        Add("Output", [.. _report.All, CompatibilityFlag.New()]);
    }

    /// <inheritdoc/>
    public override string Script => "inference_gmt";

    /// <inheritdoc/>
    public override string Example =>
        "--gmt_dir checkpoints/gmt --kg_dir examples/data/codex-s --data_path examples/data/codex-s/gmt-test.json --max_eval 8";

    /// <inheritdoc/>
    public override bool SharesWork => true;

    /// <inheritdoc/>
    public override string Epilogue =>
        "Started by torchrun, srun, mpirun or gmt launch, several processes share the rows (docs/scale-out.md).";

    /// <inheritdoc/>
    public override int Execute(CommandContext context) => RankedRun.Execute(context, RankedRun.Read(), Answer);

    private (int Code, long Rows) Answer(CommandContext context, ProcessGroup processes)
    {
        _device.Check(context);
        TruthLabels labels = _labels.Read(context);
        GmtFolder folder = GmtFolder.Open(context.Get(_inference.Folder));
        SavedSettings.Check(
            context, folder.Arguments,
            [.. _graph.Recorded, .. _split.All, .. _semantics.All, .. _module.All, .. _memory.All, _inference.Template]);
        PromptTemplate template = TemplateFile.Find(
            folder.Arguments.Get(_inference.Template.Name.TrimStart('-'), context.Get(_inference.Template)));
        GraphSource source = _graph.Source(context, RecordedGraph.Source(folder.Arguments, context.Get(_graph.Reference.Folder)));
        KnowledgeGraph graph = GraphReading.Again(context, source, _split, folder.Arguments).Graph;
        Questions questions = _inference.Read(context, graph, (name, rows) => StatementTask.Of(name, rows, labels));
        bool[] truth = questions.Task == TextTask.Classification
            ? labels.Read(context.Get(_inference.Data), [.. questions.Rows.Select(row => row.Output)]) : [];
        MLContext ml = context.NewMLContext();
        _device.Choose(context, ml);
        string baseModel = ModelFlags.BaseModelOf(folder, context.Get(_inference.BaseModel));
        using GmtTransformer transformer = ml.Model.LoadGmtCheckpoint(folder.Path, baseModel, graph, new GmtScoringOptions
        {
            Text = new GmtTextOptions { Template = template, Prompt = folder.Prompt },
            Instructions = new InstructionColumnNames(),
        });
        SharedRows shared = new(processes.Ranks);
        string[] files = [context.Get(_inference.Data), .. FinetuneFiles.Results.Select(name => Path.Combine(folder.Path, name))];
        shared.Check(context, graph, files.Where(File.Exists).Select(file => ($"the file {Path.GetFileName(file)}", file)));
        FinetunedModel.Bound bound = transformer.Model.Binding.Get();
        var generator = new ResponseGenerator(bound.Model, bound.Base.Tokenizer, template, transformer.Mask, _inference.NewTokens(context));
        RowShare share = shared.Of(
            questions.Rows.Length, RowShare.CommonBatch(ResponseGenerator.BatchSize, transformer.BatchSize));
        Questions own = questions with { Rows = questions.Rows[share.First..share.End] };
        WrittenAnswer[] written = shared.Collect(Array.ConvertAll(
            own.Answer(context, generator, (_, _) => { }), row => new WrittenAnswer(row.Response, row.Answer)));
        AnsweredRow[] rows = [.. (processes.Rank == 0 ? questions : own).Rows.Zip(
            written, (question, answer) => new AnsweredRow(question, answer.Response, answer.Answer))];
        string title = $"{folder.Path} on {context.Get(_inference.Data)}";
        bool[] ownTruth = truth.Length == 0 ? truth : truth[share.First..share.End];
        _report.Write(context, Judge(context, title, new RowJudge(ml, transformer), own, ownTruth, rows, shared));
        return (ExitCode.Success, share.Count);
    }

    private static Report Judge(
        CommandContext context, string title, RowJudge judge, Questions own, bool[] truth, AnsweredRow[] rows, SharedRows shared)
    {
        using var progress = new RowProgress(context.Terminal, "judgements", own.Rows.Length);
        CancellationToken cancellation = context.Interruption.Token;
        return own.Task == TextTask.Classification
            ? StrictReport.OfVerdicts(title, rows, shared.Collect(judge.Judge(own.Rows, truth, progress, cancellation)))
            : StrictReport.OfRanks(title, rows, shared.Collect(judge.Rank(own.Rows, progress, cancellation)), own.HitsAt);
    }

    /// <summary>What the model wrote to a question, as it travels.</summary>
    private sealed record WrittenAnswer(string Response, string Answer);
}
