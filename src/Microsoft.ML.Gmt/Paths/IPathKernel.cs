namespace Microsoft.ML.Gmt.Paths;

/// <summary>Runs path networks over one graph: the native kernel, or its managed twin (equal to 1e-5, relative).</summary>
/// <remarks>Any number of threads may use one at once.</remarks>
internal interface IPathKernel : IDisposable
{
    /// <summary>The graph.</summary>
    public MessageGraph Graph { get; }

    /// <summary>
    /// Binds layers to the graph and computes what all queries share: the states of all layers where no node is the source (B = 0), the
    /// <em>baseline</em>. A query changes of them only what its source, or an end of a removed edge, can reach.
    /// </summary>
    /// <param name="layers">The layers, of one width.</param>
    /// <param name="readout">What scores nodes; null where only states are asked for.</param>
    /// <param name="mostNewNodes">
    /// How many more nodes each layer may change, at least 1: those that a random walk from the source most probably comes to (see
    /// <see cref="PathWalk"/>). The others are as in the baseline. Null for all, which is exact.
    /// </param>
    public IPathNetwork Bind(IReadOnlyList<PathLayer> layers, PathReadout? readout, int? mostNewNodes = null);
}
