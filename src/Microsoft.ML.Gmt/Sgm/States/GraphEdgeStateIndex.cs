using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Keeps the distinct edge states of a graph in step with a module's weights. They change only when the similarity order of relations does:
/// never where relation vectors are frozen.
/// </summary>
internal sealed class GraphEdgeStateIndex
{
    private const long AlwaysRoom = 64;

    private readonly KnowledgeGraph _graph;
    private readonly int _topK;
    private readonly NativeGraphIndex? _native;
    private readonly Lazy<EdgeStateSearch> _managed;
    private readonly Lazy<long[]> _usedRelations;
    private bool _trainable;
    private bool _tied;

    /// <summary>Finds the states of a graph under a module's current weights.</summary>
    /// <exception cref="ArgumentException">The module does not know as many relations as the graph's edges have.</exception>
    public GraphEdgeStateIndex(KnowledgeGraph graph, SgmModule module)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(module);
        if (module.RelationCount != graph.EdgeRelationCount)
        {
            throw new ArgumentException(
                $"The module knows {module.RelationCount} relations, the graph's edges have {graph.EdgeRelationCount}. "
                + "Is the option for inverse relations the same for both?",
                nameof(module));
        }

        _graph = graph;
        Adjacency adjacency = graph.Adjacency;

        // Relations without edges are in no context; nothing ever parts the vectors of such a one and of its inverse.
        _usedRelations = new(() => [.. adjacency.Relations.ToArray().Distinct().Select(relation => (long)relation)]);
        _topK = RoomFor(module.Options.TopK, adjacency);
        _managed = new(() => new EdgeStateSearch(adjacency, graph.EdgeRelationCount, _topK));

        // The kernel takes the order of relations as a table, which many relations do not have.
        if (graph.EdgeRelationCount <= RelationOrder.MostRanked)
        {
            NativeKernels.TryIndexGraph(
                graph.EdgeRelationCount, _topK, adjacency.Offsets, adjacency.Relations, adjacency.Neighbors, out _native);
        }

        Current = Find(module, module.RelationOrder());
    }

    /// <summary>The states as of the last <see cref="Refresh"/>.</summary>
    public GraphEdgeStates Current { get; private set; }

    /// <summary>Follows a change of the module's relation vectors.</summary>
    /// <returns>The states, the same object where neither the order of relations nor whether they are trained has changed.</returns>
    public GraphEdgeStates Refresh(SgmModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        RelationOrder order = module.RelationOrder();
        return order.IsSameAs(Current.Order) && !_tied && IsTrainable(module) == _trainable ? Current : Current = Find(module, order);
    }

    /// <summary>Room for the context of a state: no more than the option says, nor much more than the edges that a neighbor has.</summary>
    private static int RoomFor(int topK, Adjacency adjacency)
    {
        ReadOnlySpan<long> offsets = adjacency.Offsets;
        long most = AlwaysRoom;
        for (int entity = 1; entity < offsets.Length; entity++)
        {
            most = Math.Max(most, offsets[entity] - offsets[entity - 1]);
        }

        return (int)Math.Min(topK, most);
    }

    private GraphEdgeStates Find(SgmModule module, RelationOrder order)
    {
        using var scope = NewDisposeScope();
        Tensor vectors = module.RelationVectors().detach();
        _trainable = IsTrainable(module);
        _tied = _trainable && TiedContexts.Exist(vectors.index_select(0, tensor(_usedRelations.Value, device: vectors.device)));
        (EdgeStateList states, int[] edgeState) = _tied ? TiedContexts.Find(_graph, vectors, _topK) : Search(order);
        return new GraphEdgeStates(_graph, order, states, edgeState);
    }

    // Which of two equal vectors a context takes matters only where they may part.
    private static bool IsTrainable(SgmModule module) => module.RelationSemantics.Weight.requires_grad;

    private (EdgeStateList States, int[] EdgeState) Search(RelationOrder order)
    {
        if (_native is null || order is not RelationRanks ranks)
        {
            return _managed.Value.Find(order);
        }

        NativeEdgeStates found = _native.FindEdgeStates(ranks.Ranks);
        return (new EdgeStateList(found.Relations, found.Contexts, _topK), found.EdgeState);
    }
}
