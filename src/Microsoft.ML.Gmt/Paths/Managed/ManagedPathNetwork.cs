namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// A path network in managed code: exact where nothing limits it, and no more is computed than a query changes. A node's numbers come out
/// with the same bits whether it is computed for one answer or for all, in the baseline or in a query.
/// </summary>
internal sealed unsafe class ManagedPathNetwork : IPathNetwork
{
    private readonly ManagedPathKernel _kernel;
    private readonly int _width;
    private readonly PackedLayer[] _layers;
    private readonly PackedReadout? _readout;
    private readonly PathPass _pass;
    private readonly PathBaseline _baseline;
    private readonly int? _mostNewNodes;

    public ManagedPathNetwork(ManagedPathKernel kernel, IReadOnlyList<PathLayer> layers, PathReadout? readout, int? mostNewNodes)
    {
        (_kernel, _width, _mostNewNodes) = (kernel, layers[0].Width, mostNewNodes);
        _layers = [.. layers.Select(layer => new PackedLayer(layer))];
        _readout = readout is null ? null : new PackedReadout(readout, _width);
        _pass = new PathPass(Graph, _layers, _width);
        _baseline = new PathBaseline(Graph, _pass, _layers.Length, _readout, kernel.Zeros(_width), _width);
    }

    /// <inheritdoc/>
    public long ByteCount => _baseline.ByteCount + _layers.Sum(layer => (long)layer.Labels.Count * sizeof(float));

    private MessageGraph Graph => _kernel.Graph;

    /// <inheritdoc/>
    public void States(PathQuery query, Span<float> states)
    {
        PathWorkspace work = Rent();
        StateRows last = Run(query, -1, work);
        for (int node = 0; node < Graph.NodeCount; node++)
        {
            new ReadOnlySpan<float>(last.Row(node, _width), _width).CopyTo(states[(node * _width)..]);
        }

        Return(work);
    }

    /// <inheritdoc/>
    public void ScoreAll(ReadOnlySpan<PathQuery> queries, Span<float> scores)
    {
        PackedReadout readout = Readout();
        PathWorkspace work = Rent();
        for (int i = 0; i < queries.Length; i++)
        {
            Span<float> row = scores.Slice(i * Graph.NodeCount, Graph.NodeCount);
            StateRows last = Run(queries[i], -1, work);
            readout.BiasOf(queries[i].Vector.Span, work.HiddenBias.Span);
            ReadoutPass.Score(readout, work.Reach.RowsOf(_layers.Length), last, _width, work, row);
            if (work.Reach.LastShared == _layers.Length)
            {
                ScoreUnchanged(readout, work, row);
            }
        }

        Return(work);
    }

    /// <inheritdoc/>
    public float Score(PathQuery query, int node)
    {
        PackedReadout readout = Readout();
        PathWorkspace work = Rent();
        StateRows last = Run(query, node, work);
        readout.BiasOf(query.Vector.Span, work.HiddenBias.Span);
        float* row = last.Row(node, _width);
        Span<float> score = stackalloc float[1];
        ReadoutPass.Score(readout, [0], new StateRows(row, row, null, 0), _width, work, score);
        Return(work);
        return score[0];
    }

    /// <summary>Does nothing: all memory is managed.</summary>
    public void Dispose()
    {
    }

    private PackedReadout Readout() => _readout ?? throw new InvalidOperationException("The network has no readout.");

    private PathWorkspace Rent() => _kernel.Rent(_layers.Length, _width, _readout?.HiddenWidth ?? 0);

    private void Return(PathWorkspace work) => _kernel.Return(work);

    // The states after the last layer: of one node's only what it needs.
    private StateRows Run(PathQuery query, int node, PathWorkspace work)
    {
        int[] ends = Receivers(query.Removed.Span);
        work.Reach.Find(query, ends, node, _mostNewNodes);
        _baseline.After(work.Reach.LastShared, work);
        query.Vector.Span.CopyTo(work.Before.Span.Slice(query.Source * _width, _width));
        for (int layer = 1; layer <= _layers.Length; layer++)
        {
            _pass.Run(layer, work.Reach.RowsOf(layer), query, ends, Before(layer - 1, work), work.After.Address, work);
            work.Swap();
        }

        return Before(_layers.Length, work);
    }

    private StateRows Before(int layer, PathWorkspace work)
    {
        return layer > work.Reach.LastShared
            ? new StateRows(work.Before.Address, null, null, layer)
            : new StateRows(work.Before.Address, _baseline.After(layer, work).Address, work.Reach.Address, layer);
    }

    private void ScoreUnchanged(PackedReadout readout, PathWorkspace work, Span<float> scores)
    {
        byte[] reached = work.Reach.Reached;
        float* hidden = _baseline.Hidden(work).Address;
        for (int node = 0; node < reached.Length; node++)
        {
            if (reached[node] > _layers.Length)
            {
                scores[node] = ReadoutPass.Score(readout, hidden + ((nint)node * readout.HiddenWidth), work.HiddenBias.Address);
            }
        }
    }

    private int[] Receivers(ReadOnlySpan<int> edges)
    {
        if (edges.IsEmpty)
        {
            return [];
        }

        var receivers = new SortedSet<int>();
        foreach (int edge in edges)
        {
            receivers.Add(Graph.ReceiverOf(edge));
        }

        return [.. receivers];
    }
}
