namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The states of all layers where no node is the source, which queries share wherever they change nothing. A layer is computed when some
/// query first needs it: in small worlds a query soon changes everything, and the last layers never are.
/// </summary>
internal sealed unsafe class PathBaseline
{
    private readonly MessageGraph _graph;
    private readonly PathPass _pass;
    private readonly PackedReadout? _readout;
    private readonly int _width;
    private readonly int[] _nodes;
    private readonly Lock _lock = new();
    private readonly AlignedFloats?[] _states;   // after each layer: [nodes, d]
    private volatile AlignedFloats? _hidden;     // [nodes, h]
    private volatile int _computed;

    /// <param name="graph">The graph.</param>
    /// <param name="pass">Runs the layers.</param>
    /// <param name="layers">How many layers there are.</param>
    /// <param name="readout">The readout, if there is one.</param>
    /// <param name="zeros">The states before the first layer.</param>
    /// <param name="width">d.</param>
    public PathBaseline(MessageGraph graph, PathPass pass, int layers, PackedReadout? readout, AlignedFloats zeros, int width)
    {
        (_graph, _pass, _readout, _width) = (graph, pass, readout, width);
        _states = new AlignedFloats?[layers + 1];
        _states[0] = zeros;
        _nodes = [.. Enumerable.Range(0, graph.NodeCount)];
    }

    /// <summary>About how many bytes it holds by now.</summary>
    public long ByteCount => sizeof(float) * (((long)_computed * _graph.NodeCount * _width) + (_hidden?.Count ?? 0));

    /// <summary>The states after a number of layers: [nodes, d].</summary>
    /// <param name="layer">How many layers.</param>
    /// <param name="work">The memory of a query that has not begun.</param>
    public AlignedFloats After(int layer, PathWorkspace work)
    {
        if (layer > _computed)
        {
            lock (_lock)
            {
                var nothing = new PathQuery(-1, default, default);
                for (int next = _computed + 1; next <= layer; next++)
                {
                    var states = new AlignedFloats(checked(_graph.NodeCount * _width));
                    float* before = _states[next - 1]!.Address;
                    _pass.Run(next, _nodes, nothing, [], new StateRows(before, before, null, 0), states.Address, work);
                    _states[next] = states;
                    _computed = next;
                }
            }
        }

        return _states[layer]!;
    }

    /// <summary>What the last states give in the readout's hidden layer, before any bias: [nodes, h].</summary>
    /// <param name="work">The memory of a query; its rows of products are used.</param>
    public AlignedFloats Hidden(PathWorkspace work)
    {
        if (_hidden is null)
        {
            AlignedFloats states = After(_states.Length - 1, work);
            lock (_lock)
            {
                _hidden ??= ReadoutPass.Hidden(_readout!, states, _graph.NodeCount, _width);
            }
        }

        return _hidden;
    }
}
