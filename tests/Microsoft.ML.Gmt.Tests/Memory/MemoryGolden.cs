using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Sgm;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>One recorded case of stage 2, read from its folder: base model, graph, options, weights.</summary>
internal sealed class MemoryGolden : IDisposable
{
    private readonly JsonElement _options;

    public MemoryGolden(string folder)
    {
        Folder = folder;
        _options = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "gmt_config.json"))).RootElement;
        BaseModel = LlamaModel.Load(Beside(Text("base_model")), ScalarType.Float32);
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Beside(Text("kg_dir")), new OpenKeOptions { TripleFormat = Text("triple_format") })
            .WithInverse(Flag("add_inverse"));
        SgmOptions sgm = new()
        {
            GraphDimension = Number("graph_dim"),
            Layers = Number("sgm_layers"),
            Heads = Number("sgm_heads"),
            TopK = Number("top_k"),
            Dropout = Figure("graph_dropout"),
        };
        SgmModule module = new(sgm, zeros(graph.EdgeRelationCount, Number("rel_semantic_dim")), new RandomStreams(1));
        Model = new GmtModel(BaseModel, graph, module, MemoryOptionsOf(), new RandomStreams(1));
    }

    public string Folder { get; }

    public LlamaModel BaseModel { get; }

    public GmtModel Model { get; }

    public QueryMask Mask => Flag("mask_query") ? QueryMask.Compatible : QueryMask.None;

    public QueryMask OtherMask => Flag("mask_query") ? QueryMask.None : QueryMask.Compatible;

    /// <summary>The case with the weights of the checkpoint beside it.</summary>
    public static MemoryGolden Trained(string folder)
    {
        MemoryGolden golden = new(folder);
        GmtStateDict.Read(golden.Model, folder);
        return golden;
    }

    public string Text(string name) => _options.GetProperty(name).GetString()!;

    public bool Flag(string name) => _options.GetProperty(name).GetBoolean();

    public int Number(string name) => _options.GetProperty(name).GetInt32();

    public double Figure(string name) => _options.GetProperty(name).GetDouble();

    public bool Has(string file) => File.Exists(Path.Combine(Folder, file));

    public Dictionary<string, Tensor> Read(string file)
    {
        using SafetensorsFile stored = SafetensorsFile.Open(Path.Combine(Folder, file));
        return stored.Names.ToDictionary(name => name, name => stored.Get(name).clone());
    }

    /// <summary>All parameters under the names that the recorded weights and gradients have.</summary>
    public Dictionary<string, Tensor> Parameters() => Model.NamedParameters().ToDictionary(pair => pair.Name, pair => (Tensor)pair.Parameter);

    public Tensor Memory(Tensor ids, QueryMask mask) => Model.Encoder.Encode(Evidence(ids, mask));

    public TripleEvidence Evidence(Tensor ids, QueryMask mask) =>
        Model.CollectEvidence(SgmGolden.Triples(ids.to(ScalarType.Int64)), mask);

    public string Beside(string path) => Path.Combine(Folder, "..", "..", path);

    /// <summary>
    /// The rows of a parameter that have a gradient in exact arithmetic: of the SGM's attentions only the value part, of the tokenizer's
    /// projection biases not the key's.
    /// </summary>
    public static Tensor TrainedRows(string name, int width, Tensor rows) =>
        name.Contains("sgm.", StringComparison.Ordinal) && name.Contains("attn.in_proj", StringComparison.Ordinal) ? rows.narrow(0, 2 * width, width)
        : name.EndsWith("tokenizer.attn.in_proj_bias", StringComparison.Ordinal) ? cat([rows.narrow(0, 0, width), rows.narrow(0, 2 * width, width)])
        : rows;

    public void Dispose()
    {
        Model.Dispose();
        BaseModel.Dispose();
    }

    private MemoryOptions MemoryOptionsOf()
    {
        int shift = Flag("memory_layers_1based") ? 1 : 0;
        int[] layers = [.. Text("memory_layers").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture) - shift)];
        return new MemoryOptions
        {
            MemoryTokens = Number("num_memory_tokens"),
            MemoryHeads = Number("memory_heads"),
            MemoryLayers = layers.Length == 0 ? null : layers,
            Lora = new LoraOptions { Rank = Number("lora_r"), Alpha = Figure("lora_alpha"), Dropout = Figure("lora_dropout") },
        };
    }
}
