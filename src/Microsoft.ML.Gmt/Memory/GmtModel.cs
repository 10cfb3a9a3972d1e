using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// A language model that reads a knowledge graph as memory (Graph-as-Memory Tuning, arXiv 2510.08966): the evidence of a triple becomes
/// memory tokens, and some decoder layers attend to them. The language model itself stays frozen and is never written to.
/// </summary>
/// <remarks>
/// The base model belongs to the caller; the graph module belongs to this model from now on. Many threads may read one instance at once;
/// training it is for one thread alone. Parameters beside the base are fp32, whatever the base's type is.
/// </remarks>
internal sealed partial class GmtModel : IDisposable
{
    private readonly SortedDictionary<int, MemoryLayer> _memoryLayers = [];
    private SgmScorer? _frozen;

    /// <summary>Makes a model whose memory is untrained: all gates are 0.</summary>
    /// <param name="baseModel">The language model; not disposed with this one.</param>
    /// <param name="graph">The graph whose training edges are the evidence.</param>
    /// <param name="graphModule">Encodes its edge states; taken over, and moved to where the language model is.</param>
    /// <param name="options">The shape of the memory; null for the defaults.</param>
    /// <param name="streams">The source of the initial weights.</param>
    /// <param name="budget">How much may be allocated, for a model that is filled from a file; null for any.</param>
    /// <param name="features">How a column of numbers becomes memory beside the evidence; null for no such column.</param>
    /// <exception cref="ArgumentException">
    /// An option does not fit the models, or the module does not know as many relations as the graph's edges have.
    /// </exception>
    /// <exception cref="WeightFileException">The budget does not do.</exception>
    public GmtModel(
        LlamaModel baseModel, KnowledgeGraph graph, SgmModule graphModule, MemoryOptions? options, RandomStreams streams,
        ParameterBudget? budget = null, FeatureMemoryShape? features = null)
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(graphModule);
        ArgumentNullException.ThrowIfNull(streams);
        (BaseModel, Graph, Options) = (baseModel, graph, options ?? new MemoryOptions());
        IReadOnlyList<int> layers = Options.LayersIn(baseModel.Config.LayerCount);
        using DisposeScope scope = NewDisposeScope();
        Encoder = new GraphMemoryEncoder(graphModule, Options, baseModel.Config.HiddenSize, streams, budget);
        foreach (int layer in layers)
        {
            using Generator generator = streams.Generator($"memory-layer-{layer}");
            var source = new GeneratorParameters(generator, budget);
            _memoryLayers.Add(layer, new MemoryLayer(source, baseModel.Layers[layer], baseModel.Config, Options.Lora));
        }

        Features = features is null ? null : new FeatureMemory(features, baseModel.Config.HiddenSize, streams, budget);

        foreach (nn.Module module in Modules())
        {
            module.MoveTo(baseModel.Device);
        }

        foreach ((_, Parameter parameter) in NamedParameters())
        {
            // They live as long as the model, whatever scope it is made in.
            parameter.DetachFromDisposeScope();
        }

        States = new GraphEdgeStateIndex(graph, graphModule);
    }

    /// <summary>The frozen language model.</summary>
    public LlamaModel BaseModel { get; }

    /// <summary>The graph.</summary>
    public KnowledgeGraph Graph { get; }

    /// <summary>The shape of the memory.</summary>
    public MemoryOptions Options { get; }

    /// <summary>Tells on first use which true triples the graph module was trained on; null where they are not known.</summary>
    public Func<KnownTriples?>? FittedOn { get; init; }

    /// <summary>From evidence to memory tokens.</summary>
    internal GraphMemoryEncoder Encoder { get; }

    /// <summary>From a column of numbers to memory tokens; null for a model that reads none.</summary>
    internal FeatureMemory? Features { get; }

    /// <summary>The layers that read the memory, by the decoder layer that each belongs to, from 0.</summary>
    internal IReadOnlyDictionary<int, MemoryLayer> MemoryLayers => _memoryLayers;

    /// <summary>
    /// The graph's edge states under the graph module; <see cref="GraphEdgeStateIndex.Refresh"/> it after the module's weights changed.
    /// </summary>
    internal GraphEdgeStateIndex States { get; }

    /// <summary>
    /// The graph module's scores of triples, and of all heads or tails of a query, under weights that no longer change. It lives until the
    /// model is trained again or disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model is not frozen; see <see cref="Freeze"/>.</exception>
    public ITripleScorer Scorer =>
        _frozen ?? throw new InvalidOperationException("The model's weights may still change; call Freeze before you score by them.");

    /// <summary>Collects the evidence of triples that hide themselves.</summary>
    /// <param name="triples">The triples.</param>
    /// <param name="mask">What of each is hidden from it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple's id is not in the graph.</exception>
    internal TripleEvidence CollectEvidence(IReadOnlyList<Triple> triples, QueryMask mask) =>
        TripleEvidence.Collect(States.Current, triples, mask);

    /// <summary>Collects the evidence of triples that hide themselves, or what they were drawn from.</summary>
    /// <param name="queries">The triples, and what each hides.</param>
    /// <param name="mask">What of the hidden triple is hidden.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple's id is not in the graph.</exception>
    internal TripleEvidence CollectEvidence(IReadOnlyList<TripleQuery> queries, QueryMask mask) =>
        TripleEvidence.Collect(States.Current, queries, mask);

    /// <summary>Frees everything but the base model.</summary>
    public void Dispose()
    {
        Thaw();
        foreach (nn.Module module in Modules())
        {
            module.Dispose();
        }
    }

    private IEnumerable<nn.Module> Modules() =>
        Features is null ? [Encoder, .. _memoryLayers.Values] : [Encoder, .. _memoryLayers.Values, Features.Network];
}
