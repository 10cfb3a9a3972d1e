using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Runs path networks by the native kernel.</summary>
/// <param name="graph">The graph.</param>
/// <param name="instructions">The instructions that its loops use; null for the best.</param>
internal sealed class NativePathKernel(MessageGraph graph, NativeInstructions? instructions = null) : IPathKernel
{
    /// <summary>How many layers a network may have.</summary>
    public const int MostLayers = 64;

    private const int LaneCount = 16, MostWidth = 1024;   // as the number of layers, of gmt.h

    private readonly NativePathGraph _native = new(graph.LabelCount, graph.Offsets, graph.Senders, graph.Labels);
    private readonly Lazy<ManagedPathKernel> _managed = new(() => new ManagedPathKernel(graph));

    /// <inheritdoc/>
    public MessageGraph Graph { get; } = graph;

    /// <summary>Whether the kernel takes graphs of this size: it needs a node.</summary>
    public static bool Takes(MessageGraph graph) => NativeKernels.IsAvailable && graph.NodeCount > 0;

    /// <summary>Whether a width is one that the kernel takes.</summary>
    public static bool Fits(int width) => width % LaneCount == 0 && width <= MostWidth;

    /// <inheritdoc/>
    public IPathNetwork Bind(IReadOnlyList<PathLayer> layers, PathReadout? readout, int? mostNewNodes = null) =>
        layers.Count <= MostLayers && Fits(layers[0].Width) && (readout is null || Fits(readout.HiddenWidth))
            ? new NativePathNetwork(Graph, _native, layers, readout, mostNewNodes, instructions ?? NativeInstructions.Best)
            : _managed.Value.Bind(layers, readout, mostNewNodes);

    /// <summary>Lets go of the graph; what was bound to it keeps what it needs.</summary>
    public void Dispose()
    {
        _native.Dispose();
        if (_managed.IsValueCreated)
        {
            _managed.Value.Dispose();
        }
    }
}
