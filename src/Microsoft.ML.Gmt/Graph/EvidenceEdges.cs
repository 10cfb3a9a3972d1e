namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// The edges that speak for or against a triple: those of its head, then those of its tail, as indices into <see cref="Adjacency"/>.
/// Enumerate it with <c>foreach</c>; nothing is allocated.
/// </summary>
/// <remarks>
/// With the query masked, the edges of <see cref="HiddenEdges"/> are left out. So the fact itself, stated in the graph, is never evidence
/// for itself.
/// </remarks>
internal readonly struct EvidenceEdges
{
    private readonly KnowledgeGraph _graph;

    internal EvidenceEdges(KnowledgeGraph graph, TripleQuery query, bool maskQuery)
    {
        graph.Bounds.Check(query.Triple, nameof(query));
        graph.Bounds.Check(query.Hidden, nameof(query));
        _graph = graph;
        Query = query;
        Hidden = maskQuery ? new HiddenEdges(graph, query) : null;
    }

    /// <summary>The triple that the edges are evidence of, and the one that is hidden.</summary>
    public TripleQuery Query { get; }

    /// <summary>The edges that are left out; null where the query is not masked.</summary>
    public HiddenEdges? Hidden { get; }

    /// <summary>How many edges head and tail have together, masked or not: room enough for <see cref="CopyTo"/>.</summary>
    public int MaximumCount => _graph.Adjacency.Degree(Query.Triple.Head) + _graph.Adjacency.Degree(Query.Triple.Tail);

    /// <summary>Writes the edge indices.</summary>
    /// <param name="edges">Room for them: <see cref="MaximumCount"/> is always enough.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="IndexOutOfRangeException">There is not enough room.</exception>
    public int CopyTo(Span<int> edges)
    {
        int count = 0;
        foreach (int edge in this)
        {
            edges[count++] = edge;
        }

        return count;
    }

    /// <summary>The edge indices in a new array.</summary>
    public int[] ToArray()
    {
        int[] edges = new int[MaximumCount];
        int count = CopyTo(edges);
        return count == edges.Length ? edges : edges[..count];
    }

    /// <summary>Begins a run over the edge indices.</summary>
    public Enumerator GetEnumerator() => new(_graph.Adjacency, Query.Triple, Hidden);

    /// <summary>Runs over the edge indices of one triple's evidence.</summary>
    public ref struct Enumerator
    {
        private readonly HiddenEdges? _hidden;
        private readonly int _tail;
        private readonly int _tailStart;
        private readonly int _tailEnd;
        private int _entity;
        private int _end;
        private bool _inTail;

        internal Enumerator(Adjacency adjacency, Triple asked, HiddenEdges? hidden)
        {
            ReadOnlySpan<long> offsets = adjacency.Offsets;
            _hidden = hidden;
            (_tail, _tailStart, _tailEnd) = (asked.Tail, (int)offsets[asked.Tail], (int)offsets[asked.Tail + 1]);
            (_entity, Current, _end) = (asked.Head, (int)offsets[asked.Head] - 1, (int)offsets[asked.Head + 1]);
        }

        /// <summary>The edge index that the run stands at.</summary>
        public int Current { get; private set; }

        /// <summary>Goes to the next edge.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            while (true)
            {
                while (++Current < _end)
                {
                    if (_hidden is not { } hidden || !hidden.Contains(_entity, Current))
                    {
                        return true;
                    }
                }

                if (_inTail)
                {
                    return false;
                }

                (_inTail, _entity, Current, _end) = (true, _tail, _tailStart - 1, _tailEnd);
            }
        }
    }
}
