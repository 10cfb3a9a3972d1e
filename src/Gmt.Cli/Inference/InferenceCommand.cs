using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Graphs;
using Microsoft.ML.Gmt.Cli.Memory;
using Microsoft.ML.Gmt.Cli.Models;
using Microsoft.ML.Gmt.Evaluation.TextRanking;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Memory.Prompts;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Runtime.Python;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Inference;

/// <summary>As <c>inference_gmt.py</c>: answers the rows of a file and judges the answers.</summary>
internal sealed class InferenceCommand : GmtCommand
{
    private readonly Option<string> _baseModel = Flag.RequiredText("--base_model", "The language model: a folder, or a name in the local Hugging Face cache.", "MODEL");
    private readonly Option<string> _folder = Flag.RequiredText("--gmt_dir", "What finetune_gmt wrote: graph_encoder.pth, memory_attn.pth, gmt_config.json.", "DIR");
    private readonly Option<string> _data = Flag.RequiredText("--data_path", "The rows: instruction, input, output, embedding_ids (JSON or JSON lines).", "FILE");
    private readonly GraphFlags _graph = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--graph_dropout", withTraining: false);
    private readonly MemoryFlags _memory = new();
    private readonly Option<int> _newTokens = Flag.Integer("--max_new_tokens", "Tokens of a response.", 16);
    private readonly Option<string> _template = Flag.Text("--prompt_template_name", $"The text around a question: {string.Join(", ", PromptTemplate.Names)}.", "alpaca", "NAME");
    private readonly Option<string> _task = Flag.Choice("--task", "What is asked; auto decides by the first row.", CompatibleFigures.Tasks);
    private readonly Option<string> _hits = Flag.Text("--hits_k", "The k of Hits@k.", "1,3,10", "LIST");
    private readonly Option<int> _most = Flag.Integer("--max_eval", "Rows to answer; 0 for all.", 0);
    private readonly Option<string> _device = Flag.Text("--device", "Taken for compatibility: inference runs on the CPU.", "cuda", "NAME");

    /// <summary>Creates the command.</summary>
    public InferenceCommand() : base("inference_gmt", "As inference_gmt.py: answers the rows of a file and judges the answers.")
    {
        Add("Model", _baseModel, _folder);
        Add("Data", [_data, _task, _hits, _most, .. _graph.All]);
        Add("How the model was made", [.. _semantics.All, .. _module.All, .. _memory.All]);
        Add("Answers", _newTokens, _template, _device);
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        IReadOnlyList<int> hitsAt = IntegerList.Parse(_hits.Name, context.Get(_hits));
        PromptTemplate template = PromptTemplate.Named(context.Get(_template));
        KnowledgeGraph graph = _graph.Read(context, compatible: true);
        using LanguageModel baseModel = LanguageModel.Load(context.Get(_baseModel));
        using GmtModel model = Load(context, graph, baseModel);
        ResponseGenerator generator = new(
            model, baseModel.Tokenizer, template, _memory.Mask(context),
            new GreedyOptions { MaxNewTokens = context.Get(_newTokens), StopAtEndOfSequence = false });

        IEnumerable<InstructionExample> questions = InstructionFile.Read(context.Get(_data), graph, outputRequired: false, keepJson: true);
        int most = context.Get(_most);
        List<(InstructionExample Question, string Response)> answered = [];
        foreach ((InstructionExample question, string response) in generator.Answer(most > 0 ? questions.Take(most) : questions))
        {
            answered.Add((question, response));
            context.Terminal.Output.WriteLine(response);
            context.Terminal.Output.Flush();
        }

        TextTask task = CompatibleFigures.TaskOf(context.Get(_task), [.. answered.Take(1).Select(row => row.Question)]);
        if (CompatibleFigures.Line(task, answered, hitsAt) is { } figures)
        {
            context.Terminal.Output.WriteLine(figures);
        }

        return ExitCode.Success;
    }

    /// <summary>The model, shaped as the arguments say: what does not fit the files is refused.</summary>
    private GmtModel Load(CommandContext context, KnowledgeGraph graph, LanguageModel baseModel)
    {
        string folder = context.Get(_folder);
        PythonArguments config = GmtFolder.Open(folder).Arguments;
        string named = context.Get(_memory.Layers);
        IReadOnlyList<int>? layers = _memory.ParseLayers(
            named.Length > 0 ? named : config.Get("memory_layers", ""), context.Get(_memory.LayersFromOne) || config.Get("memory_layers_1based", otherwise: false));
        LoraOptions lora = new() { Rank = config.Get("lora_r", 64), Alpha = config.Get("lora_alpha", 128.0), Dropout = config.Get("lora_dropout", 0.01) };
        using var scope = NewDisposeScope();
        Tensor semantics = _semantics.Load(context, graph.Relations.Count, graph.AddInverse, seed: 0, compatible: true);
        SgmModule module = new(_module.Shape(context), semantics, new RandomStreams(0));
        GmtModel model = new(baseModel.Model, graph, module, _memory.Shape(context, layers, lora), new RandomStreams(0));
        GmtStateDict.Read(model, folder);
        return model;
    }
}
