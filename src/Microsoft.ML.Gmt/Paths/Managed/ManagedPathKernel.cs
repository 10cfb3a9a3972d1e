using System.Collections.Concurrent;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Runs path networks in managed code: the twin of the native kernel.</summary>
internal sealed class ManagedPathKernel(MessageGraph graph) : IPathKernel
{
    private readonly ConcurrentDictionary<(int Layers, int Width, int Hidden), ConcurrentBag<PathWorkspace>> _workspaces = [];
    private readonly ConcurrentDictionary<int, Lazy<AlignedFloats>> _zeros = [];

    /// <inheritdoc/>
    public MessageGraph Graph { get; } = graph;

    /// <inheritdoc/>
    public IPathNetwork Bind(IReadOnlyList<PathLayer> layers, PathReadout? readout, int? mostNewNodes = null) =>
        new ManagedPathNetwork(this, layers, readout, mostNewNodes);

    /// <summary>Drops the memory of queries.</summary>
    public void Dispose()
    {
        _workspaces.Clear();
        _zeros.Clear();
    }

    /// <summary>States of 0: [nodes, width].</summary>
    public AlignedFloats Zeros(int width) => _zeros.GetOrAdd(width, static (width, graph) => new(() =>
    {
        var zeros = new AlignedFloats(checked(graph.NodeCount * width));
        zeros.Span.Clear();
        return zeros;
    }), Graph).Value;

    /// <summary>Memory for a query; give it back.</summary>
    public PathWorkspace Rent(int layers, int width, int hidden) =>
        _workspaces.TryGetValue((layers, width, hidden), out ConcurrentBag<PathWorkspace>? bag) && bag.TryTake(out PathWorkspace? kept)
            ? kept
            : new PathWorkspace(Graph, layers, width, hidden);

    /// <summary>Takes memory back.</summary>
    public void Return(PathWorkspace work) => _workspaces.GetOrAdd(work.Sizes, static _ => []).Add(work);
}
