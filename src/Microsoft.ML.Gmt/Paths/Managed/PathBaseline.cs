namespace Microsoft.ML.Gmt.Paths;

/// <summary>The states of all layers where no node is the source, which a query shares wherever it changes nothing.</summary>
internal sealed unsafe class PathBaseline
{
    private readonly AlignedFloats[] _states;          // after each layer: [nodes, d]
    private readonly Lazy<AlignedFloats?> _hidden;

    public PathBaseline(
        MessageGraph graph, PackedLayer[] layers, PackedReadout? readout, AlignedFloats zeros, int width, PathWorkspace work)
    {
        _states = new AlignedFloats[layers.Length + 1];
        _states[0] = zeros;
        var pass = new PathPass(graph, layers, width);
        var nothing = new PathQuery(-1, default, default);
        int[] all = [.. Enumerable.Range(0, graph.NodeCount)];
        for (int layer = 1; layer <= layers.Length; layer++)
        {
            _states[layer] = new AlignedFloats(checked(graph.NodeCount * width));
            float* before = _states[layer - 1].Address;
            pass.Run(layer, all, nothing, [], new StateRows(before, before, null, 0), _states[layer].Address, work);
        }

        _hidden = new(() => readout is null ? null : ReadoutPass.Hidden(readout, _states[^1], graph.NodeCount, width));
        ByteCount = sizeof(float) * (long)graph.NodeCount * ((layers.Length * (long)width) + (readout?.HiddenWidth ?? 0));
    }

    /// <summary>About how many bytes it holds, or will where queries leave nodes as they are.</summary>
    public long ByteCount { get; }

    /// <summary>The states after a number of layers: [nodes, d].</summary>
    public AlignedFloats After(int layer) => _states[layer];

    /// <summary>What the last states give in the readout's hidden layer, before any bias: [nodes, h].</summary>
    public AlignedFloats Hidden => _hidden.Value ?? throw new InvalidOperationException("The network has no readout.");
}
