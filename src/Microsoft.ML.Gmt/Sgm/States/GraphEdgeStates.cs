using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// The distinct edge states of a graph, for one order of the relations by similarity. What a state is, <see cref="EdgeStateList"/> says.
/// </summary>
internal sealed class GraphEdgeStates
{
    private readonly Lazy<SparseMatrix> _stateShares;

    public GraphEdgeStates(KnowledgeGraph graph, RelationOrder order, EdgeStateList states, int[] edgeState)
    {
        (Graph, Order, States, EdgeState) = (graph, order, states, edgeState);
        _stateShares = new(CountStateShares);
    }

    /// <summary>The graph.</summary>
    public KnowledgeGraph Graph { get; }

    /// <summary>The order of relations that the contexts follow.</summary>
    public RelationOrder Order { get; }

    /// <summary>The distinct states, numbered as they first occur over the edges.</summary>
    public EdgeStateList States { get; }

    /// <summary>The state of each edge of <see cref="KnowledgeGraph.Adjacency"/>: [edges].</summary>
    public int[] EdgeState { get; }

    /// <summary>
    /// The share of each state among an entity's edges: [entities, states]; an entity without edges has an empty row. Times the states'
    /// vectors it gives the entities' vectors.
    /// </summary>
    public SparseMatrix StateShares => _stateShares.Value;

    private SparseMatrix CountStateShares()
    {
        Adjacency adjacency = Graph.Adjacency;
        int[] offsets = new int[adjacency.EntityCount + 1];
        var columns = new List<int>();
        var values = new List<float>();
        for (int entity = 0; entity < adjacency.EntityCount; entity++)
        {
            int[] states = EdgeState[adjacency.EdgesOf(entity)];
            Array.Sort(states);
            for (int start = 0, end; start < states.Length; start = end)
            {
                for (end = start + 1; end < states.Length && states[end] == states[start]; end++)
                {
                }

                columns.Add(states[start]);
                values.Add((float)(end - start) / states.Length);
            }

            offsets[entity + 1] = columns.Count;
        }

        return new SparseMatrix(adjacency.EntityCount, States.Count, offsets, [.. columns], [.. values]);
    }
}
