using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>A trained module and the graph whose edges it encodes. Any number of threads may read from it.</summary>
internal sealed class SgmModel : IDisposable
{
    private readonly Lazy<GraphEdgeStates> _states;
    private readonly Lazy<EncodedEdgeStates?> _encoded;

    /// <param name="module">The module, which now belongs to this object.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="states">The graph's states under that module; null finds them on first use.</param>
    public SgmModel(SgmModule module, KnowledgeGraph graph, GraphEdgeStates? states = null)
    {
        (Module, Graph) = (module, graph);
        _states = states is null ? new(() => new GraphEdgeStateIndex(graph, module).Current) : new(states);
        _encoded = new(() => EncodedEdgeStates.TryCreate(module, States));
    }

    public SgmModule Module { get; }

    public KnowledgeGraph Graph { get; }

    /// <summary>The distinct edge states of the graph.</summary>
    public GraphEdgeStates States => _states.Value;

    /// <summary>The vectors of those states; null where they would take too much memory.</summary>
    public EncodedEdgeStates? Encoded => _encoded.Value;

    /// <summary>A copy whose training does not touch this one; the graph, which nobody can change, is shared.</summary>
    public SgmModel Clone()
    {
        using var scope = NewDisposeScope();
        var module = new SgmModule(Module.Options, Module.RelationSemantics.Weight, new RandomStreams(0));
        module.MoveTo(Module.RelationSemantics.Weight.device);
        SgmStateDict.Load(module, SgmStateDict.Of(Module).ToDictionary(), "the copy");
        return new SgmModel(module, Graph, _states.IsValueCreated ? States : null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_encoded.IsValueCreated)
        {
            _encoded.Value?.Dispose();
        }

        Module.Dispose();
    }
}
