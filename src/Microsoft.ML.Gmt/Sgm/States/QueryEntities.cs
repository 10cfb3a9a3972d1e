using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// The heads and tails of some triples as each triple may see them: without the edges that state it, where they are masked. An entity whose
/// edges say nothing of a triple is encoded once for all such triples.
/// </summary>
/// <remarks>
/// A mask takes whole edges out of an entity's counts of edge states, and the mean is taken over the rest. Nothing is subtracted from a sum
/// of floating-point numbers, so not even a rounding error of a masked edge is left.
/// </remarks>
internal sealed class QueryEntities
{
    private readonly GraphEdgeStates _graph;
    private readonly QueryMask _mask;
    private readonly EvidenceCollector _states;
    private readonly Dictionary<int, int> _unmaskedRow = [];
    private readonly Dictionary<(int Entity, TripleQuery Hidden), int> _maskedRow = [];
    private readonly List<int> _offsets = [0];
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];
    private readonly HashSet<int> _maskedRows = [];

    /// <param name="graph">The graph's states.</param>
    /// <param name="queries">Triples of the graph's entities, edges or not, and what they hide.</param>
    /// <param name="mask">What of each hidden triple is hidden.</param>
    public QueryEntities(GraphEdgeStates graph, IReadOnlyList<TripleQuery> queries, QueryMask mask)
    {
        (_graph, _mask) = (graph, mask);
        _states = new EvidenceCollector(graph, mask);
        Rows = [.. queries.Select(RowsOf)];
    }

    /// <summary>Whether one of some triples sees its head or tail another way than others do.</summary>
    public static bool IsAnyMasked(GraphEdgeStates graph, Triple[] triples, QueryMask mask) => Array.Exists(
        triples,
        triple =>
        {
            var hidden = new HiddenEdges(graph.Graph, triple);
            return ChangedEdges(graph, mask, triple.Head, hidden).Count > 0 || ChangedEdges(graph, mask, triple.Tail, hidden).Count > 0;
        });

    /// <summary>The triples with rows of <see cref="Encode(Func{EdgeStateList, Tensor})"/> in place of heads and tails.</summary>
    public Triple[] Rows { get; }

    /// <summary>The entities' vectors: [rows, d], differentiable; 0 where no edge is left.</summary>
    /// <param name="encode">Encodes states: [states, d].</param>
    public Tensor Encode(Func<EdgeStateList, Tensor> encode)
    {
        using var scope = NewDisposeScope();
        EdgeStateList states = _states.States;
        return SparseProduct.Multiply(Means(states), encode(states)).MoveToOuterDisposeScope();
    }

    /// <summary>The entities' vectors, where those of the graph's states are at hand: [rows, d]; 0 where no edge is left.</summary>
    public Tensor Encode(EncodedEdgeStates encoded)
    {
        using var scope = NewDisposeScope();
        EdgeStateList states = _states.States;
        return SparseProduct.Multiply(Means(states), encoded.Of(states, _states.GraphStateOf)).MoveToOuterDisposeScope();
    }

    /// <summary>Whether a triple sees its head or tail another way than others do.</summary>
    /// <param name="triple">Its place in <see cref="Rows"/>.</param>
    public bool IsMasked(int triple) => _maskedRows.Contains(Rows[triple].Head) || _maskedRows.Contains(Rows[triple].Tail);

    private SparseMatrix Means(EdgeStateList states) => new(_offsets.Count - 1, states.Count, [.. _offsets], [.. _columns], [.. _values]);

    private Triple RowsOf(TripleQuery query)
    {
        var hidden = new HiddenEdges(_graph.Graph, query);
        return new Triple(Row(query.Triple.Head, hidden), query.Triple.Relation, Row(query.Triple.Tail, hidden));
    }

    private int Row(int entity, HiddenEdges hidden)
    {
        if (_maskedRow.TryGetValue((entity, hidden.Query), out int masked))
        {
            return masked;
        }

        if (ChangedEdges(_graph, _mask, entity, hidden) is { Count: > 0 } changed)
        {
            AddMasked(entity, hidden, changed);
            masked = CloseRow();
            _maskedRow.Add((entity, hidden.Query), masked);
            _maskedRows.Add(masked);
            return masked;
        }

        if (!_unmaskedRow.TryGetValue(entity, out int row))
        {
            AddUnmasked(entity);
            row = CloseRow();
            _unmaskedRow.Add(entity, row);
        }

        return row;
    }

    /// <summary>
    /// The edges that a query may not see, or sees another way than others do: among those to the ends of what it hides.
    /// </summary>
    private static List<int> ChangedEdges(GraphEdgeStates graph, QueryMask mask, int entity, HiddenEdges hidden)
    {
        List<int> changed = [];
        if (mask == QueryMask.None)
        {
            return changed;
        }

        Adjacency adjacency = graph.Graph.Adjacency;
        int end = (int)adjacency.Offsets[entity + 1];
        for (int edge = hidden.NextToEnd((int)adjacency.Offsets[entity], end); edge >= 0; edge = hidden.NextToEnd(edge + 1, end))
        {
            if (mask.Contexts || (mask.Edges && hidden.Contains(entity, edge)))
            {
                changed.Add(edge);
            }
        }

        return changed;
    }

    private void AddUnmasked(int entity)
    {
        SparseMatrix all = _graph.StateShares;
        for (int entry = all.Offsets[entity]; entry < all.Offsets[entity + 1]; entry++)
        {
            Add(_states.Unmasked(all.Columns[entry]), all.Values[entry]);
        }
    }

    private void AddMasked(int entity, HiddenEdges hidden, List<int> changed)
    {
        SparseMatrix all = _graph.StateShares;
        Dictionary<int, int> lost = changed.CountBy(edge => _graph.EdgeState[edge]).ToDictionary();
        int[] seen =
        [
            .. changed.Where(edge => !_mask.Edges || !hidden.Contains(entity, edge)).Select(edge => _states.State(edge, hidden)),
        ];
        int degree = _graph.Graph.Adjacency.Degree(entity);
        float left = degree - changed.Count + seen.Length;
        for (int entry = all.Offsets[entity]; entry < all.Offsets[entity + 1]; entry++)
        {
            // Counts are kept as shares of the degree; rounding gives them back exactly.
            int count = (int)MathF.Round(all.Values[entry] * degree) - lost.GetValueOrDefault(all.Columns[entry]);
            if (count > 0)
            {
                Add(_states.Unmasked(all.Columns[entry]), count / left);
            }
        }

        foreach ((int state, int count) in seen.CountBy(state => state))
        {
            Add(state, count / left);
        }
    }

    private void Add(int column, float value)
    {
        _columns.Add(column);
        _values.Add(value);
    }

    private int CloseRow()
    {
        _offsets.Add(_columns.Count);
        return _offsets.Count - 2;
    }
}
