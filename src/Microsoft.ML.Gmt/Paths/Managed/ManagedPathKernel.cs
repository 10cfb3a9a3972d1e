namespace Microsoft.ML.Gmt.Paths;

/// <summary>Runs path networks in managed code.</summary>
internal sealed class ManagedPathKernel(MessageGraph graph) : IPathKernel
{
    /// <inheritdoc/>
    public MessageGraph Graph { get; } = graph;

    /// <inheritdoc/>
    public IPathNetwork Bind(IReadOnlyList<PathLayer> layers, PathReadout? readout) => new ManagedPathNetwork(Graph, [.. layers], readout);

    /// <summary>Does nothing: all memory is managed.</summary>
    public void Dispose()
    {
    }
}
