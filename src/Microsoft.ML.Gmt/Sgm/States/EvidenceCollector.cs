using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Looks up, or with masked contexts works out, the state of each evidence edge of a batch of triples.</summary>
internal sealed class EvidenceCollector(GraphEdgeStates graph, QueryMask mask)
{
    private readonly EdgeStateTable _table = new(graph.States.TopK);
    private readonly Dictionary<int, int> _localOfGlobal = [];
    private readonly Dictionary<int, int> _globalOfLocal = [];
    private readonly ContextChoice _choice = new(graph.States.TopK);

    // Between hubs run many edges, and many queries: what all see is chosen once, what those see that hide one triple once for them.
    private readonly Dictionary<int, (int[] Relations, int[] Counts)> _aroundForAll = [], _around = [];
    private readonly Dictionary<(int Neighbor, int Relation), int[]> _contextForAll = [];
    private readonly Dictionary<(int Neighbor, int Relation), int> _masked = [];
    private TripleQuery? _hidden;

    public EdgeStateList States => _table.ToList();

    /// <summary>Which of the collected states are states of the graph, and which of its.</summary>
    public IReadOnlyDictionary<int, int> GraphStateOf => _globalOfLocal;

    public EvidenceRow Row(TripleQuery query)
    {
        EvidenceEdges evidence = graph.Graph.Evidence(query, mask.Edges);
        HiddenEdges hidden = evidence.Hidden ?? new HiddenEdges(graph.Graph, query);
        int[] edges = evidence.ToArray();
        return new EvidenceRow(edges, Array.ConvertAll(edges, edge => State(edge, hidden)));
    }

    /// <summary>The state of an edge as a query may see it that hides others.</summary>
    public int State(int edge, HiddenEdges hidden)
    {
        Adjacency adjacency = graph.Graph.Adjacency;
        int neighbor = adjacency.Neighbors[edge];

        // Only the ends of what is hidden have it among their own edges.
        if (mask.Contexts && hidden.HasEnd(neighbor))
        {
            return Masked(adjacency.Relations[edge], neighbor, hidden);
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

    private int Masked(int relation, int neighbor, HiddenEdges hidden)
    {
        if (_hidden != hidden.Query)
        {
            _hidden = hidden.Query;
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
            bool mayChange = Array.Exists(forAll, hidden.HasRelation);
            state = _table.Add(relation, mayChange ? Context(relation, neighbor, hidden, _around) : forAll);
            _masked.Add((neighbor, relation), state);
        }

        return state;
    }

    private int[] Context(int relation, int neighbor, HiddenEdges? hidden, Dictionary<int, (int[] Relations, int[] Counts)> known)
    {
        if (!known.TryGetValue(neighbor, out (int[] Relations, int[] Counts) around))
        {
            around = Around(neighbor, hidden);
            known.Add(neighbor, around);
        }

        return _choice.Choose(graph.Order, relation, around.Relations, around.Counts).ToArray();
    }

    /// <summary>The relations around an entity, ascending, without the edges that are hidden, and how often each occurs.</summary>
    private (int[] Relations, int[] Counts) Around(int neighbor, HiddenEdges? hidden)
    {
        Adjacency adjacency = graph.Graph.Adjacency;
        List<int> seen = [];
        for ((int edge, int end) = ((int)adjacency.Offsets[neighbor], (int)adjacency.Offsets[neighbor + 1]); edge < end; edge++)
        {
            if (hidden is not { } some || !some.Contains(neighbor, edge))
            {
                seen.Add(adjacency.Relations[edge]);
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
