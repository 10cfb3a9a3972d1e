using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Looks up, or with masked contexts works out, the state of each evidence edge of a batch of triples.</summary>
internal sealed class EvidenceCollector(GraphEdgeStates graph, QueryMask mask)
{
    private readonly EdgeStateTable _table = new(graph.States.TopK);
    private readonly Dictionary<int, int> _localOfGlobal = [];
    private readonly Dictionary<int, int> _globalOfLocal = [];
    private readonly ContextChoice _choice = new(graph.States.TopK);

    public EdgeStateList States => _table.ToList();

    /// <summary>Which of the collected states are states of the graph, and which of its.</summary>
    public IReadOnlyDictionary<int, int> GraphStateOf => _globalOfLocal;

    public EvidenceRow Row(Triple triple)
    {
        int[] edges = graph.Graph.Evidence(triple, mask.Edges).ToArray();
        return new EvidenceRow(edges, Array.ConvertAll(edges, edge => State(edge, triple)));
    }

    /// <summary>The state of an edge as the query may see it.</summary>
    public int State(int edge, Triple query)
    {
        Adjacency adjacency = graph.Graph.Adjacency;
        int neighbor = adjacency.Neighbors[edge];

        // Only the head and the tail have the query among their own edges.
        if (mask.Contexts && (neighbor == query.Head || neighbor == query.Tail))
        {
            int relation = adjacency.Relations[edge];
            return _table.Add(relation, MaskedContext(relation, neighbor, query));
        }

        return Unmasked(graph.EdgeState[edge]);
    }

    /// <summary>A state of the graph.</summary>
    public int Unmasked(int global)
    {
        if (!_localOfGlobal.TryGetValue(global, out int local))
        {
            local = _table.Add(graph.States.Relations[global], graph.States.Context(global));
            _localOfGlobal.Add(global, local);
            _globalOfLocal[local] = global;
        }

        return local;
    }

    private ReadOnlySpan<int> MaskedContext(int relation, int neighbor, Triple query)
    {
        Adjacency adjacency = graph.Graph.Adjacency;
        int inverse = graph.Graph.AddInverse ? query.Relation + graph.Graph.Relations.Count : query.Relation;
        var around = new SortedDictionary<int, int>();
        for ((int edge, int end) = ((int)adjacency.Offsets[neighbor], (int)adjacency.Offsets[neighbor + 1]); edge < end; edge++)
        {
            int other = adjacency.Relations[edge], to = adjacency.Neighbors[edge];
            bool statesQuery = (to == query.Head || to == query.Tail) && (other == query.Relation || other == inverse);
            if (!statesQuery)
            {
                around[other] = around.GetValueOrDefault(other) + 1;
            }
        }

        return _choice.Choose(graph.Order, relation, [.. around.Keys], [.. around.Values]);
    }
}
