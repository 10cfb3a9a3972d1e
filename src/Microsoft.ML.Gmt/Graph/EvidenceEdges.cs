namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// The edges that speak for or against a triple: those of its head, then those of its tail, as indices into <see cref="Adjacency"/>.
/// Enumerate it with <c>foreach</c>; nothing is allocated.
/// </summary>
/// <remarks>
/// With the query masked, an edge is left out where its neighbor is the head or the tail of the triple and its relation is the triple's,
/// in either direction. So the fact itself, stated in the graph, is never evidence for itself.
/// </remarks>
internal readonly struct EvidenceEdges
{
    private readonly KnowledgeGraph _graph;

    internal EvidenceEdges(KnowledgeGraph graph, Triple query, bool maskQuery)
    {
        graph.Bounds.Check(query, nameof(query));
        _graph = graph;
        Query = query;
        IsQueryMasked = maskQuery;
    }

    /// <summary>The triple that the edges are evidence of.</summary>
    public Triple Query { get; }

    /// <summary>Whether the edges that state the query are left out.</summary>
    public bool IsQueryMasked { get; }

    /// <summary>How many edges head and tail have together, masked or not: room enough for <see cref="CopyTo"/>.</summary>
    public int MaximumCount => _graph.Adjacency.Degree(Query.Head) + _graph.Adjacency.Degree(Query.Tail);

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
    public Enumerator GetEnumerator() => new(_graph, Query, IsQueryMasked);

    /// <summary>Runs over the edge indices of one triple's evidence.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<int> _relations;
        private readonly ReadOnlySpan<int> _neighbors;
        private readonly Triple _query;
        private readonly int _inverseRelation;
        private readonly bool _mask;
        private readonly int _tailStart;
        private readonly int _tailEnd;
        private int _end;
        private bool _inTail;

        internal Enumerator(KnowledgeGraph graph, Triple query, bool mask)
        {
            Adjacency adjacency = graph.Adjacency;
            _relations = adjacency.Relations;
            _neighbors = adjacency.Neighbors;
            _query = query;
            _inverseRelation = graph.AddInverse ? query.Relation + graph.Relations.Count : query.Relation;
            _mask = mask;
            (_tailStart, _tailEnd) = ((int)adjacency.Offsets[query.Tail], (int)adjacency.Offsets[query.Tail + 1]);
            (Current, _end) = ((int)adjacency.Offsets[query.Head] - 1, (int)adjacency.Offsets[query.Head + 1]);
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
                    if (!_mask || !StatesQuery(Current))
                    {
                        return true;
                    }
                }

                if (_inTail)
                {
                    return false;
                }

                (_inTail, Current, _end) = (true, _tailStart - 1, _tailEnd);
            }
        }

        private readonly bool StatesQuery(int edge)
        {
            int neighbor = _neighbors[edge];
            int relation = _relations[edge];
            return (neighbor == _query.Head || neighbor == _query.Tail) && (relation == _query.Relation || relation == _inverseRelation);
        }
    }
}
