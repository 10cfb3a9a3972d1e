using System.Runtime.CompilerServices;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// Which nodes a query changes at which layer: those within as many hops of its source, or of an end of a removed edge, which counts as one
/// hop away. And, where one node is asked for, which of them matter to it.
/// </summary>
internal sealed unsafe class PathReach(MessageGraph graph, int layerCount)
{
    private const byte Never = byte.MaxValue;

    // Where a query changes so many nodes, it is cheaper to compute all in their order; the numbers are the same.
    private const double NearlyAll = 0.9;

    private readonly byte[] _reached = GC.AllocateUninitializedArray<byte>(graph.NodeCount, pinned: true);
    private readonly byte[] _distance = new byte[graph.NodeCount];
    private readonly int[] _order = new int[graph.NodeCount];
    private readonly int[] _counts = new int[layerCount + 1];
    private readonly int[] _queue = new int[graph.NodeCount];
    private readonly int[] _rows = new int[graph.NodeCount];
    private readonly PathWalk _walk = new(graph);
    private bool _isForOne;

    /// <summary>The first layer at which each node is changed, 0 for the source, 255 for never: [nodes].</summary>
    public byte[] Reached => _reached;

    /// <summary>Where <see cref="Reached"/> lies: it never moves.</summary>
    public byte* Address => (byte*)Unsafe.AsPointer(ref _reached[0]);

    /// <summary>Finds what a query changes.</summary>
    /// <param name="query">The query.</param>
    /// <param name="ends">The receivers of its removed edges.</param>
    /// <param name="node">The one node that is asked for; −1 for all.</param>
    /// <param name="mostNewNodes">How many more nodes a layer may change; null for all.</param>
    public void Find(PathQuery query, ReadOnlySpan<int> ends, int node, int? mostNewNodes)
    {
        _isForOne = node >= 0;
        Array.Fill(_reached, Never);
        (_reached[query.Source], _order[0], _counts[0]) = (0, query.Source, 1);
        if (mostNewNodes is { } most)
        {
            Walk(query, ends, most);
        }
        else
        {
            Spread(query, ends);
        }

        LastShared = _isForOne ? Measure(node) : Math.Max(Array.FindLastIndex(_counts, changed => changed < graph.NodeCount), 0);
    }

    /// <summary>
    /// The last layer after which some state that matters is as it is in every query: up to there, the baseline is needed.
    /// </summary>
    public int LastShared { get; private set; }

    /// <summary>The nodes to compute in a layer, from 1.</summary>
    public ReadOnlySpan<int> RowsOf(int layer)
    {
        int count = 0;
        if (!_isForOne)
        {
            if (layer <= LastShared)
            {
                return _order.AsSpan(0, _counts[layer]);
            }

            while (count < _rows.Length)
            {
                _rows[count] = count++;
            }

            return _rows;
        }

        ReadOnlySpan<int> changed = _order.AsSpan(0, _counts[layer]);
        foreach (int node in changed)
        {
            if (_distance[node] <= layerCount - layer)
            {
                _rows[count++] = node;
            }
        }

        return _rows.AsSpan(0, count);
    }

    // Each layer changes all that those changed before send to.
    private void Spread(PathQuery query, ReadOnlySpan<int> ends)
    {
        int first = 0, count = 1;
        for (int layer = 1; layer <= layerCount; layer++)
        {
            int end = count;
            if (count == graph.NodeCount)
            {
                _counts[layer] = count;
                continue;
            }

            if (layer == 1)
            {
                foreach (int changed in ends)
                {
                    Reach(changed, layer, ref count);
                }
            }

            for (; first < end; first++)
            {
                foreach (int other in Neighbors(_order[first]))
                {
                    Reach(other, layer, ref count);
                }
            }

            if (!_isForOne && count >= NearlyAll * graph.NodeCount)
            {
                for (int other = 0; other < graph.NodeCount; other++)
                {
                    Reach(other, layer, ref count);
                }
            }

            _counts[layer] = count;
        }
    }

    // Each layer changes no more than some.
    private void Walk(PathQuery query, ReadOnlySpan<int> ends, int mostNewNodes)
    {
        _walk.Begin(query, ends);
        for (int layer = 1, count = 1, first = 0; layer <= layerCount; layer++)
        {
            int end = count;
            foreach (int node in _walk.Next(_order.AsSpan(first..end), mostNewNodes))
            {
                Reach(node, layer, ref count);
            }

            (first, _counts[layer]) = (end, count);
        }
    }

    private ReadOnlySpan<int> Neighbors(int node) => graph.Senders[(int)graph.Offsets[node]..(int)graph.Offsets[node + 1]];

    private void Reach(int node, int layer, ref int count)
    {
        if (_reached[node] == Never)
        {
            _reached[node] = (byte)layer;
            _order[count++] = node;
        }
    }

    // How far each node is from the one that is asked for, as far as it matters; the last layer that is shared.
    private int Measure(int node)
    {
        Array.Fill(_distance, Never);
        (_distance[node], _queue[0]) = (0, node);
        int count = 1, lastShared = 0;
        for (int next = 0; next < count; next++)
        {
            int distance = _distance[_queue[next]];

            // Its state matters after layers up to layerCount − distance, and is its own from the one on that reaches it.
            lastShared = Math.Max(lastShared, Math.Min(layerCount - distance, _reached[_queue[next]] - 1));
            if (distance == layerCount)
            {
                continue;
            }

            foreach (int other in Neighbors(_queue[next]))
            {
                if (_distance[other] == Never)
                {
                    _distance[other] = (byte)(distance + 1);
                    _queue[count++] = other;
                }
            }
        }

        return lastShared;
    }
}
