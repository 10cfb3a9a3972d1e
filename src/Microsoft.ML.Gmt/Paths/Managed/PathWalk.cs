namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The most promising nodes of a query: those that a random walk from its source along the edges most probably comes to. A node's mass is 1
/// at the source. When a layer has reached a node, the node hands its mass on in the next, in equal parts over its edges, none over those
/// that the query removes; each layer takes the nodes of most mass among those that the walk has met, of equal masses the lower id.
/// </summary>
/// <remarks>
/// Nothing of the model is in it: it depends on source and graph alone, so kernels of any rounding choose the same nodes, for one answer
/// as for all. It is personalized PageRank without restarts, cut off at each layer; see Zhou et al. 2024 (arXiv 2403.10231), who keep the
/// nodes of most PageRank once for all layers.
/// </remarks>
internal sealed class PathWalk(MessageGraph graph)
{
    private List<int> _met = [];   // but not taken
    private readonly HashSet<int> _ends = [];
    private readonly HashSet<int> _seen = [];
    private double[] _masses = [];
    private ReadOnlyMemory<int> _removed;

    /// <summary>Begins at a query's source.</summary>
    /// <param name="query">The query.</param>
    /// <param name="ends">The receivers of its removed edges: they are taken at once, for they no longer receive over these.</param>
    public void Begin(PathQuery query, ReadOnlySpan<int> ends)
    {
        _met.Clear();
        _ends.Clear();
        _seen.Clear();
        _masses = new double[graph.NodeCount];
        _removed = query.Removed;
        _masses[query.Source] = 1;
        _seen.Add(query.Source);
        foreach (int end in ends)
        {
            _ends.Add(end);
        }
    }

    /// <summary>The nodes that a layer changes anew, the most promising first.</summary>
    /// <param name="senders">Those that the layer before changed anew.</param>
    /// <param name="most">How many at most, beside the ends of removed edges.</param>
    public IReadOnlyList<int> Next(ReadOnlySpan<int> senders, int most)
    {
        foreach (int sender in senders)
        {
            HandOn(sender);
        }

        foreach (int end in _ends)
        {
            Meet(end, 0);
        }

        _met.Sort((one, other) => _masses[one] == _masses[other] ? one.CompareTo(other) : _masses[other].CompareTo(_masses[one]));
        List<int> next = [], left = [];
        for (int place = 0; place < _met.Count; place++)
        {
            (place < most || _ends.Contains(_met[place]) ? next : left).Add(_met[place]);
        }

        _met = left;
        _ends.Clear();
        return next;
    }

    private void HandOn(int sender)
    {
        int first = (int)graph.Offsets[sender], end = (int)graph.Offsets[sender + 1], left = 0;
        for (int edge = first; edge < end; edge++)
        {
            left += IsRemoved(edge) ? 0 : 1;
        }

        double share = _masses[sender] / Math.Max(left, 1);
        for (int edge = first; edge < end; edge++)
        {
            Meet(graph.Senders[edge], IsRemoved(edge) ? 0 : share);
        }
    }

    private void Meet(int node, double mass)
    {
        _masses[node] += mass;
        if (_seen.Add(node))
        {
            _met.Add(node);
        }
    }

    private bool IsRemoved(int edge) => !_removed.IsEmpty && _removed.Span.BinarySearch(edge) >= 0;
}
