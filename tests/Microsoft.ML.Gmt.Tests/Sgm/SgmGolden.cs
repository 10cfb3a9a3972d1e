using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>One recorded case of stage 1, read from its folder: the graph, the options, the weights.</summary>
internal sealed class SgmGolden
{
    public SgmGolden(string folder)
    {
        Folder = folder;
        Settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "settings.json"))).RootElement;
        Graph = KnowledgeGraphReader.ReadOpenKe(GraphFolder(), new OpenKeOptions
        {
            TrainFile = Option("triple_file", "train2id.txt"),
            TripleFormat = Option("triple_format", "htr"),
            AddInverse = Flag("add_inverse"),
        });
        Options = new SgmOptions
        {
            GraphDimension = Number("graph_dim", 256),
            Layers = Number("sgm_layers", 2),
            Heads = Number("sgm_heads", 4),
            TopK = Number("top_k", 8),
            Dropout = 0,
            TrainableRelationSemantics = Flag("trainable_rel_semantics"),
        };
    }

    public string Folder { get; }

    /// <summary>The case's <c>settings.json</c>.</summary>
    public JsonElement Settings { get; }

    public KnowledgeGraph Graph { get; }

    public SgmOptions Options { get; }

    public int RelationWidth => Number("rel_semantic_dim", 256);

    public SgmTrainingOptions Training => new() { LearningRate = double.Parse(Option("lr", "3e-4"), CultureInfo.InvariantCulture) };

    public bool Has(string file) => File.Exists(Path.Combine(Folder, file));

    public Dictionary<string, Tensor> Read(string file)
    {
        using SafetensorsFile stored = SafetensorsFile.Open(Path.Combine(Folder, file));
        return stored.Names.ToDictionary(name => name, name => stored.Get(name).clone());
    }

    public SgmModule Module(string weights)
    {
        Dictionary<string, Tensor> stored = Read(weights);
        var module = new SgmModule(Options, zeros(Graph.EdgeRelationCount, RelationWidth), new RandomStreams(1));
        SgmStateDict.Load(module, stored, Path.Combine(Folder, weights));
        return module;
    }

    public static Triple[] Triples(Tensor ids) =>
        [.. Enumerable.Range(0, (int)ids.size(0)).Select(row => new Triple((int)ids[row, 0].item<long>(), (int)ids[row, 1].item<long>(), (int)ids[row, 2].item<long>()))];

    private string GraphFolder()
    {
        string graph = Settings.TryGetProperty("graph", out JsonElement named) ? named.GetString()! : Option("kg_dir", "");
        return graph.StartsWith("data set ", StringComparison.Ordinal)
            ? Goldens.DataSet(graph["data set ".Length..])
            : Path.Combine(Folder, "..", "..", graph);
    }

    private int Number(string name, int @default) => int.Parse(Option(name, $"{@default}"), CultureInfo.InvariantCulture);

    private bool Flag(string name) => bool.Parse(Option(name, "false"));

    /// <summary>From the settings' <c>options</c>, or from the recorded command line.</summary>
    private string Option(string name, string @default)
    {
        if (Settings.TryGetProperty("options", out JsonElement options))
        {
            return options.TryGetProperty(name, out JsonElement value) ? value.ToString() : @default;
        }

        string[] command = [.. Settings.GetProperty("command").EnumerateArray().Select(word => word.GetString()!)];
        int at = Array.IndexOf(command, $"--{name}");
        return at < 0
            ? @default
            : at + 1 < command.Length && !command[at + 1].StartsWith("--", StringComparison.Ordinal)
            ? command[at + 1]
            : "true";
    }
}
