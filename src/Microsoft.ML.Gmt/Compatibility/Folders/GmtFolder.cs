using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>
/// A finetuned model as the reference keeps it: a folder with <c>graph_encoder.pth</c>, <c>memory_attn.pth</c> and <c>gmt_config.json</c>,
/// which says how it was made.
/// </summary>
internal sealed class GmtFolder
{
    /// <summary>File name of the training's arguments.</summary>
    public const string ConfigFile = "gmt_config.json";

    private const string ModulePrefix = "sgm.";

    // What the reference has no argument for. Its scripts pass over them, and they are written only where they say something.
    private const string Instruction =
        "triple_instruction", Input = "triple_input", TrueAnswer = "true_answer", FalseAnswer = "false_answer";

    private GmtFolder(string path, PythonArguments arguments) => (Path, Arguments) = (path, arguments);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The base model that it was trained on, as it was given then; empty where the folder does not say.</summary>
    public string BaseModel => Arguments.Get("base_model", "");

    /// <summary>What of a query was hidden from its evidence in training; null where the folder does not say.</summary>
    public QueryMask? Mask => RecordedMask.Of(Arguments);

    /// <summary>How triples were put into words; the reference's words where the folder does not say.</summary>
    /// <exception cref="ArgumentException">A text of the folder is no such pattern.</exception>
    public TriplePrompt Prompt => new()
    {
        Instruction = Arguments.Get(Instruction, TriplePrompt.Reference.Instruction),
        Input = Arguments.Get(Input, TriplePrompt.Reference.Input),
        TrueAnswer = Arguments.Get(TrueAnswer, TriplePrompt.Reference.TrueAnswer),
        FalseAnswer = Arguments.Get(FalseAnswer, TriplePrompt.Reference.FalseAnswer),
    };

    /// <summary>The text around a question.</summary>
    /// <exception cref="ArgumentException">There is no template of the name that the folder gives.</exception>
    public PromptTemplate Template => PromptTemplate.Named(Arguments.Get("prompt_template_name", ""));

    /// <summary>The shape of the memory; its layers are counted from 0.</summary>
    public MemoryOptions Memory => new()
    {
        MemoryTokens = Arguments.Get("num_memory_tokens", new MemoryOptions().MemoryTokens),
        MemoryHeads = Arguments.Get("memory_heads", new MemoryOptions().MemoryHeads),
        MemoryLayers = Layers(),
        Lora = Lora,
    };

    internal LoraOptions Lora => new()
    {
        Rank = Arguments.Get("lora_r", new LoraOptions().Rank),
        Alpha = Arguments.Get("lora_alpha", new LoraOptions().Alpha),
        Dropout = Arguments.Get("lora_dropout", new LoraOptions().Dropout),
    };

    internal PythonArguments Arguments { get; }

    /// <summary>Reads what a folder says of itself; no weights are loaded.</summary>
    /// <param name="path">The folder. Without <c>gmt_config.json</c> the reference's defaults hold.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">It lacks a file of weights.</exception>
    /// <exception cref="GmtFileException">The configuration is malformed.</exception>
    public static GmtFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"There is no folder '{path}'.");
        }

        foreach (string file in new[] { GmtStateDict.EncoderFile, GmtStateDict.MemoryFile })
        {
            if (!File.Exists(System.IO.Path.Combine(path, file)))
            {
                throw new FileNotFoundException(
                    $"'{path}' has no {file}, which a finetuned model needs.", System.IO.Path.Combine(path, file));
            }
        }

        return new GmtFolder(path, PythonArguments.Read(System.IO.Path.Combine(path, ConfigFile)));
    }

    /// <summary>Loads the model on a base.</summary>
    /// <param name="baseModel">The language model; it is not disposed with the result.</param>
    /// <param name="graph">The graph whose training edges are the evidence.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="GmtFileException">
    /// Weights, arguments, base and graph do not go together; the message says what does not fit.
    /// </exception>
    /// <exception cref="ArgumentException">The arguments do not fit the base.</exception>
    public GmtModel Load(LlamaModel baseModel, KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        ArgumentNullException.ThrowIfNull(graph);
        using DisposeScope scope = NewDisposeScope();
        MemoryOptions memory = Memory;
        string encoder = System.IO.Path.Combine(Path, GmtStateDict.EncoderFile);
        Dictionary<string, Tensor> weights = TorchFile.LoadStateDict(encoder).Where(
            pair => pair.Key.StartsWith(ModulePrefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[ModulePrefix.Length..], pair => pair.Value);
        SgmModule module = SgmFolder.Create(SgmFolder.Shape(Arguments, weights, dropoutName: "graph_dropout"), weights, graph, encoder);
        return Load(baseModel, graph, module, memory);
    }

    /// <summary>Loads the weights into a model of a shape that others decide.</summary>
    /// <param name="baseModel">The language model; it is not disposed with the result.</param>
    /// <param name="graph">The graph whose training edges are the evidence.</param>
    /// <param name="module">The graph module; it becomes the model's.</param>
    /// <param name="memory">The shape of the memory.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="WeightFileException">The weights do not fit the shape; the message says what does not.</exception>
    /// <exception cref="ArgumentException">The memory does not fit the base.</exception>
    internal GmtModel Load(LlamaModel baseModel, KnowledgeGraph graph, SgmModule module, MemoryOptions memory)
    {
        GmtModel? model = null;
        using DisposeScope scope = NewDisposeScope();
        try
        {
            (IReadOnlyDictionary<string, Tensor> encoder, IReadOnlyDictionary<string, Tensor> layers) = GmtStateDict.Open(Path);
            var budget = new ParameterBudget(encoder.Concat(layers).Sum(pair => pair.Value.numel()), Path);
            model = new GmtModel(baseModel, graph, module, memory, new RandomStreams(0), budget);
            GmtStateDict.Load(model, encoder, layers, Path);
            return model;
        }
        catch
        {
            ((IDisposable?)model ?? module).Dispose(); // the model owns the module
            throw;
        }
    }

    /// <summary>Writes a model as the reference does, so that its inference reads it.</summary>
    /// <remarks>
    /// Masking in contexts and words of one's own, which the reference does not know, are further entries of the configuration.
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="folder">Made if it does not exist.</param>
    /// <param name="baseModel">The base model's folder, for the record.</param>
    /// <param name="mask">What of a query is hidden from its evidence.</param>
    /// <param name="template">The text around a question; null for the default.</param>
    /// <param name="prompt">How triples are put into words; null for the default.</param>
    public static void Save(
        GmtModel model, string folder, string baseModel, QueryMask mask, PromptTemplate? template = null, TriplePrompt? prompt = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(baseModel);
        if (model.Features is not null)
        {
            throw new NotSupportedException(
                "The model reads features beside the graph, which checkpoints of the Python scripts cannot hold; save it by "
                + "ml.Model.Save.");
        }

        GmtTrainingOptions training = GmtTrainingOptions.Reference;
        LoraOptions lora = model.Options.Lora;
        KeyValuePair<string, object?>[] contexts = mask.Contexts ? [new(RecordedMask.Contexts, true)] : [];
        Write(
            model, folder,
            [
                new("base_model", baseModel), new("data_path", ""), new("output_dir", folder), new("kg_dir", ""), new("sgm_ckpt", ""),
                .. SgmFolder.GraphArguments(model.Graph), .. SgmFolder.ModuleArguments(model.Encoder.GraphModule, "graph_dropout"),
                new("num_memory_tokens", model.Options.MemoryTokens), new("memory_heads", model.Options.MemoryHeads),
                new("memory_layers", FormatLayers(model.MemoryLayers.Keys)), new("memory_layers_1based", false),
                new(RecordedMask.Edges, mask.Edges),
                new("lora_r", lora.Rank), new("lora_alpha", lora.Alpha), new("lora_dropout", lora.Dropout),
                new("train_cross_attn_base", training.TrainCrossAttentionBase), new("train_graph_module", training.TrainGraphModule),
                new("batch_size", training.BatchSize), new("micro_batch_size", training.MicroBatchSize ?? training.BatchSize),
                new("num_epochs", training.NumberOfEpochs), new("learning_rate", training.LearningRate),
                new("cutoff_len", RowTokenizer.DefaultCutoffLength), new("val_set_size", 0),
                new("train_on_inputs", true), new("add_eos_token", false), new("group_by_length", training.GroupByLength),
                new("prompt_template_name", (template ?? PromptTemplate.Alpaca).Name), .. contexts,
                .. Words(prompt ?? TriplePrompt.Default),
                .. RecordedGraph.Entries(null, model.Graph),
            ]);
    }

    /// <summary>How triples are put into words, where that is not how the reference does it.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> Words(TriplePrompt prompt)
    {
        TriplePrompt usual = TriplePrompt.Reference;
        (string Name, string Value, string Usual)[] all =
        [
            (Instruction, prompt.Instruction, usual.Instruction), (Input, prompt.Input, usual.Input),
            (TrueAnswer, prompt.TrueAnswer, usual.TrueAnswer), (FalseAnswer, prompt.FalseAnswer, usual.FalseAnswer),
        ];
        return all.Where(entry => entry.Value != entry.Usual)
            .Select(entry => KeyValuePair.Create<string, object?>(entry.Name, entry.Value));
    }

    /// <summary>Writes the three files.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">Made if it does not exist.</param>
    /// <param name="arguments">How it was made.</param>
    internal static void Write(GmtModel model, string folder, IEnumerable<KeyValuePair<string, object?>> arguments)
    {
        GmtStateDict.Write(model, folder);
        PythonJson.WriteFile(System.IO.Path.Combine(folder, ConfigFile), arguments);
    }

    /// <summary>Layers from 0 between commas.</summary>
    internal static string FormatLayers(IEnumerable<int> layers) =>
        string.Join(',', layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture)));

    private int[]? Layers()
    {
        string[] named = Arguments.Get("memory_layers", "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int first = Arguments.Get("memory_layers_1based", otherwise: false) ? 1 : 0;
        return named.Length == 0 ? null : Array.ConvertAll(named, text => PythonNumber.TryParseInteger(text, out int layer)
            ? layer - first
            : throw new GmtFileException(Arguments.Path, null, $"the memory layer '{text}' is not a whole number."));
    }
}
