using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Looks up, or with masked contexts works out, the state of each evidence edge of a batch of triples.</summary>
internal sealed class EvidenceCollector(GraphEdgeStates graph, QueryMask mask)
{
    private readonly EdgeStateTable _table = new(graph.States.TopK);
    private readonly Dictionary<int, int> _localOfGlobal = [];
    private readonly Dictionary<int, int> _globalOfLocal = [];
    private readonly ContextChoice _choice = new(graph.States.TopK);

    // Between hubs run many edges, and many queries: what all see is chosen once, what one query sees once for it.
    private readonly Dictionary<int, (int[] Relations, int[] Counts)> _aroundForAll = [], _around = [];
    private readonly Dictionary<(int Neighbor, int Relation), int[]> _contextForAll = [];
    private readonly Dictionary<(int Neighbor, int Relation), int> _masked = [];
    private Triple? _query;

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
            return Masked(adjacency.Relations[edge], neighbor, query);
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

    private int Masked(int relation, int neighbor, Triple query)
    {
        if (_query != query)
        {
            _query = query;
            _around.Clear();
            _masked.Clear();
        }

        if (!_masked.TryGetValue((neighbor, relation), out int state))
        {
            if (!_contextForAll.TryGetValue((neighbor, relation), out int[]? forAll))
            {
                forAll = Context(relation, neighbor, null, _aroundForAll);
                _contextForAll.Add((neighbor, relation), forAll);
            }

            // A relation that is not among the chosen could be taken away without a change.
            bool mayChange = forAll.AsSpan().ContainsAny(query.Relation, InverseOf(query));
            state = _table.Add(relation, mayChange ? Context(relation, neighbor, query, _around) : forAll);
            _masked.Add((neighbor, relation), state);
        }

        return state;
    }

    private int[] Context(int relation, int neighbor, Triple? query, Dictionary<int, (int[] Relations, int[] Counts)> known)
    {
        if (!known.TryGetValue(neighbor, out (int[] Relations, int[] Counts) around))
        {
            around = Around(neighbor, query);
            known.Add(neighbor, around);
        }

        return _choice.Choose(graph.Order, relation, around.Relations, around.Counts).ToArray();
    }

    private int InverseOf(Triple query) =>
        graph.Graph.AddInverse ? query.Relation + graph.Graph.Relations.Count : query.Relation;

    /// <summary>The relations around an entity, ascending, without the edges that state a query, and how often each occurs.</summary>
    private (int[] Relations, int[] Counts) Around(int neighbor, Triple? query)
    {
        Adjacency adjacency = graph.Graph.Adjacency;
        List<int> seen = [];
        for ((int edge, int end) = ((int)adjacency.Offsets[neighbor], (int)adjacency.Offsets[neighbor + 1]); edge < end; edge++)
        {
            int other = adjacency.Relations[edge], to = adjacency.Neighbors[edge];
            bool statesQuery = query is { } one && (to == one.Head || to == one.Tail)
                && (other == one.Relation || other == InverseOf(one));
            if (!statesQuery)
            {
                seen.Add(other);
            }
        }

        seen.Sort();
        List<int> relations = [], counts = [];
        foreach (int other in seen)
        {
            if (relations.Count > 0 && relations[^1] == other)
            {
                counts[^1]++;
            }
            else
            {
                relations.Add(other);
                counts.Add(1);
            }
        }

        return ([.. relations], [.. counts]);
    }
}
