namespace Microsoft.ML.Gmt.Paths;

/// <summary>A path network bound to a graph and to labels: answers queries, each on the thread that asks.</summary>
/// <remarks>
/// Any number of threads may ask at once. A query's numbers depend neither on the other queries of a call nor on other threads. It stays
/// valid while its kernel is not disposed.
/// </remarks>
internal interface IPathNetwork : IDisposable
{
    /// <summary>About how many bytes of memory it holds.</summary>
    public long ByteCount { get; }

    /// <summary>The states after the last layer.</summary>
    /// <param name="query">The query.</param>
    /// <param name="states">Room for them: [nodes, d].</param>
    public void States(PathQuery query, Span<float> states);

    /// <summary>The scores of all nodes.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="scores">Room for them, row by row: [queries, nodes].</param>
    /// <exception cref="InvalidOperationException">The network has no readout.</exception>
    public void ScoreAll(ReadOnlySpan<PathQuery> queries, Span<float> scores);

    /// <summary>The score of one node, for which only what lies between source and node is computed.</summary>
    /// <param name="query">The query.</param>
    /// <param name="node">The node.</param>
    /// <exception cref="InvalidOperationException">The network has no readout.</exception>
    public float Score(PathQuery query, int node);
}
