using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>A graph module as the reference keeps it: a folder with <c>sgm_state.pth</c> and, beside it, <c>sgm_config.json</c>.</summary>
internal static class SgmFolder
{
    /// <summary>File name of the weights.</summary>
    public const string StateFile = "sgm_state.pth";

    /// <summary>File name of the training's arguments.</summary>
    public const string ConfigFile = "sgm_config.json";

    private const string SemanticsName = "rel_semantic.weight";

    /// <summary>Loads a module.</summary>
    /// <param name="path">The folder, or the file of weights (<c>.pth</c> or <c>.safetensors</c>), beside which the arguments may
    /// lie.</param>
    /// <param name="graph">The graph that it is for.</param>
    /// <param name="arguments">
    /// Those of <see cref="Arguments"/>, which tell its shape; where there are none, the weights do, and defaults for heads, top k and
    /// dropout.
    /// </param>
    /// <returns>The module; the caller disposes it.</returns>
    /// <exception cref="FileNotFoundException">There are no weights.</exception>
    /// <exception cref="GmtFileException">Weights, arguments and graph do not go together; the message says what does not fit.</exception>
    public static SgmModule Load(string path, KnowledgeGraph graph, PythonArguments arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(graph);
        string file = Directory.Exists(path) ? Path.Combine(path, StateFile) : path;
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> weights = SgmStateDict.Open(file);
        return Create(Shape(arguments, weights, dropoutName: "dropout"), weights, graph, file);
    }

    /// <summary>Writes a module's weights and the arguments that its training with the reference's script would have had.</summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="folder">Made if it does not exist.</param>
    /// <param name="mask">What of a triple was hidden from its own head and tail; recorded beside the arguments, which do not know
    /// it.</param>
    public static void Save(SgmModule module, KnowledgeGraph graph, string folder, QueryMask mask)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        SgmTrainingOptions training = SgmTrainingOptions.Reference;
        SgmStateDict.Write(module, Path.Combine(folder, StateFile));
        PythonJson.WriteFile(
            Path.Combine(folder, ConfigFile),
            [
                new("kg_dir", ""), .. GraphArguments(graph), .. ModuleArguments(module, "dropout"), new("batch_size", training.BatchSize),
                new("num_neg", training.NegativesPerPositive), new("epochs", training.NumberOfEpochs), new("lr", training.LearningRate),
                new("seed", training.SeedOrDefault), new("output_dir", folder), .. RecordedGraph.Entries(null, graph),
                new("device", "cpu"), .. RecordedMask.Entries(mask),
            ]);
    }

    /// <summary>The arguments of the training run; none where the folder has no file of them.</summary>
    /// <param name="path">The folder, or the file of weights in it.</param>
    internal static PythonArguments Arguments(string path) => PythonArguments.Read(
        Path.Combine(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!, ConfigFile));

    /// <summary>The module of a state dict.</summary>
    /// <exception cref="WeightFileException">The weights do not fit the shape or the graph.</exception>
    internal static SgmModule Create(SgmOptions options, IReadOnlyDictionary<string, Tensor> weights, KnowledgeGraph graph, string source)
    {
        if (!weights.TryGetValue(SemanticsName, out Tensor? semantics) || semantics.dim() != 2 || semantics.size(0) != graph.EdgeRelationCount)
        {
            string found = semantics is null ? "none" : $"[{string.Join(", ", semantics.shape)}]";
            throw new WeightFileException(
                source, $"it must be stored as [{graph.EdgeRelationCount}, width] for this graph; the file has {found}.", SemanticsName);
        }

        var module = new SgmModule(options, semantics, new RandomStreams(0), ParameterBudget.Of(weights, source));
        try
        {
            SgmStateDict.Load(module, weights, source);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>The shape that arguments tell, and where they do not, the weights and the defaults.</summary>
    internal static SgmOptions Shape(PythonArguments arguments, IReadOnlyDictionary<string, Tensor> weights, string dropoutName)
    {
        SgmOptions defaults = new();
        int layers = weights.Keys.Count(
            name => name.StartsWith("layers.", StringComparison.Ordinal) && name.EndsWith(".norm1.weight", StringComparison.Ordinal));
        long width = weights.TryGetValue("rel_proj.bias", out Tensor? projected) ? projected.size(0)
            : weights.TryGetValue(SemanticsName, out Tensor? semantics) && semantics.dim() == 2 ? semantics.size(1)
            : defaults.GraphDimension;
        return new SgmOptions
        {
            GraphDimension = arguments.Get("graph_dim", (int)width),
            Layers = arguments.Get("sgm_layers", layers),
            Heads = arguments.Get("sgm_heads", defaults.Heads),
            TopK = arguments.Get("top_k", defaults.TopK),
            Dropout = arguments.Get(dropoutName, defaults.Dropout),
            TrainableRelationSemantics = arguments.Get("trainable_rel_semantics", defaults.TrainableRelationSemantics),
        };
    }

    /// <summary>How a graph's files are read, as the reference's arguments say it.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> GraphArguments(KnowledgeGraph graph)
    {
        OpenKeOptions files = new();
        return [new("triple_file", files.TrainFile), new("triple_format", files.TripleFormat), new("add_inverse", graph.AddInverse)];
    }

    /// <summary>A module's shape, as the reference's arguments say it.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> ModuleArguments(SgmModule module, string dropoutName) =>
    [
        new("rel_semantic_path", ""), new("rel_semantic_dim", (int)module.RelationSemantics.Weight.size(1)), new("kge_model", ""),
        new("graph_dim", module.Options.GraphDimension), new("sgm_layers", module.Options.Layers), new("sgm_heads", module.Options.Heads),
        new("top_k", module.Options.TopK), new(dropoutName, module.Options.Dropout),
        new("trainable_rel_semantics", module.Options.TrainableRelationSemantics),
    ];
}
