using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// A path network on a graph, with the vectors of labels that many queries share. It keeps what it needs of the graph. Many threads may ask
/// at once.
/// </summary>
internal sealed class NativePathCondition : SafeHandle
{
    /// <summary>Binds a network to a graph and to vectors of labels.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="labelVectors">w: [L, K, d].</param>
    /// <param name="instructions">The instructions that the loops use.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the processor lacks the instructions.</exception>
    public NativePathCondition(
        NativePathGraph graph, NativePathWeights weights, ReadOnlySpan<float> labelVectors, NativeInstructions instructions)
        : base(0, ownsHandle: true)
    {
        nint network = NativeKernels.MakePathNetwork(weights, instructions);
        bool held = false;
        try
        {
            graph.DangerousAddRef(ref held);
            SetHandle(NativeKernels.MakePathCondition(graph.DangerousGetHandle(), network, labelVectors));
        }
        finally
        {
            NativeKernels.FreePathNetwork(network);
            if (held)
            {
                graph.DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Scores all nodes, or those asked for.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="threadCount">How many threads may run them, one query each; 0 for as many as the machine has.</param>
    /// <param name="scores">Room for them: [queries, nodes] or [queries].</param>
    public void Score(NativePathQueries queries, int threadCount, Span<float> scores)
    {
        using Hold hold = new(this);
        NativeKernels.ScorePaths(handle, queries, threadCount, scores);
    }

    /// <summary>Finds the states after the last layer.</summary>
    /// <param name="queries">The queries, without answers.</param>
    /// <param name="threadCount">As in <see cref="Score"/>.</param>
    /// <param name="states">Room for them: [queries, nodes, d].</param>
    public void FindStates(NativePathQueries queries, int threadCount, Span<float> states)
    {
        using Hold hold = new(this);
        NativeKernels.FindPathStates(handle, queries, threadCount, states);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeKernels.FreePathCondition(handle);
        return true;
    }

    // Keeps the handle while a call runs.
    private readonly ref struct Hold
    {
        private readonly NativePathCondition _held;

        public Hold(NativePathCondition held)
        {
            bool success = false;
            held.DangerousAddRef(ref success);
            _held = held;
        }

        public void Dispose() => _held.DangerousRelease();
    }
}
