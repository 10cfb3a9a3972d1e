using System.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which model answers which rows.</summary>
/// <param name="isBaseModelRequired">Whether the language model must be named.</param>
/// <param name="usualTask">What is asked where the command line does not say.</param>
internal sealed class InferenceFlags(bool isBaseModelRequired, string usualTask)
{
    private const string Model = "The language model: a folder, or a name in the local Hugging Face cache";
    private static readonly string[] Tasks = ["classification", "link_prediction", "auto"];

    private readonly Option<string> _task = Flag.Choice(
        "--task", "What is asked; auto decides by the first row.", [usualTask, .. Tasks.Where(task => task != usualTask)]);
    private readonly Option<string> _hits = Flag.Text("--hits_k", "The k of Hits@k.", "1,3,10", "LIST");
    private readonly Option<int> _most = Flag.Integer("--max_eval", "Rows to answer; 0 for all.", 0, least: 0, most: int.MaxValue);
    private readonly Option<int> _newTokens = Flag.Integer(
        "--max_new_tokens", "Tokens of a response.", GreedyOptions.DefaultMaxNewTokens, least: 0, most: 1_000_000);

    /// <summary>The language model.</summary>
    public Option<string> BaseModel { get; } = isBaseModelRequired
        ? Flag.RequiredText("--base_model", $"{Model}.", "MODEL")
        : Flag.Text("--base_model", $"{Model}; that of the training run where none is named.", form: "MODEL");

    /// <summary>What was finetuned.</summary>
    public Option<string> Folder { get; } = Flag.RequiredText(
        "--gmt_dir", "What finetune_gmt wrote: graph_encoder.pth, memory_attn.pth, gmt_config.json.", "DIR");

    /// <summary>The rows.</summary>
    public Option<string> Data { get; } = Flag.RequiredText(
        "--data_path", "The rows: instruction, input, output, embedding_ids (JSON or JSON lines).", "FILE");

    /// <summary>The template.</summary>
    public Option<string> Template { get; } = TemplateFile.NewOption();

    /// <summary>Rows, and what is asked of them.</summary>
    public Option[] Rows => [Data, _task, _hits, _most];

    /// <summary>How answers are written.</summary>
    public Option[] Answers => [_newTokens, Template];

    /// <summary>Tokens of a response; none where the number is negative, as in the script.</summary>
    public int NewTokens(CommandContext context) => Math.Max(context.Get(_newTokens), 0);

    /// <summary>Reads all that is asked, so that a fault of a late row is told before the first answer.</summary>
    /// <param name="context">What the flags say.</param>
    /// <param name="graph">Whose ids the rows have.</param>
    /// <param name="taskOf">Finds the task of a word and the rows.</param>
    public Questions Read(CommandContext context, KnowledgeGraph graph, Func<string, IReadOnlyList<InstructionExample>, TextTask> taskOf)
    {
        IEnumerable<InstructionExample> all = InstructionFile.Read(context.Get(Data), graph, outputRequired: false, keepJson: true);
        InstructionExample[] rows = [.. context.Get(_most) is > 0 and var most ? all.Take(most) : all];
        if (rows.Length == 0)
        {
            context.Terminal.Warn($"{context.Get(Data)} holds no rows");
        }

        TextTask task = taskOf(context.Get(_task), rows);
        return new Questions(rows, task, task == TextTask.LinkPrediction ? IntegerList.Parse(_hits.Name, context.Get(_hits)) : []);
    }
}

/// <summary>What is asked.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Task">Their kind.</param>
/// <param name="HitsAt">The k of Hits@k; none for verdicts.</param>
internal sealed record Questions(InstructionExample[] Rows, TextTask Task, IReadOnlyList<int> HitsAt)
{
    /// <summary>Answers all rows, showing how many are done; an interruption ends it well.</summary>
    /// <param name="context">Where progress is shown.</param>
    /// <param name="generator">Who answers.</param>
    /// <param name="handle">Takes each row as soon as it is answered.</param>
    public AnsweredRow[] Answer(CommandContext context, ResponseGenerator generator, Action<RowProgress, AnsweredRow> handle)
    {
        using var progress = new RowProgress(context.Terminal, "answers", Rows.Length);
        context.Interruption.IsHeeded = true;
        List<AnsweredRow> answered = [];
        foreach (AnsweredRow row in generator.Answer(Rows, context.Interruption.Token))
        {
            answered.Add(row);
            handle(progress, row);
            progress.Report(1);
        }

        return [.. answered];
    }
}
