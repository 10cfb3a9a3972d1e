namespace Microsoft.ML.Gmt.Paths;

/// <summary>The edges of a receiver that are left where some are removed.</summary>
internal sealed unsafe class EdgeBuffer
{
    private int[] _senders = [];
    private int[] _labels = [];

    /// <summary>Copies the edges that are left; what is returned is valid until the next call.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The receiver.</param>
    /// <param name="removed">Indices of removed edges, in ascending order.</param>
    public EdgeRun Without(MessageGraph graph, int node, ReadOnlySpan<int> removed)
    {
        int first = (int)graph.Offsets[node], end = (int)graph.Offsets[node + 1], count = 0;
        if (_senders.Length < end - first)
        {
            _senders = GC.AllocateUninitializedArray<int>(end - first, pinned: true);
            _labels = GC.AllocateUninitializedArray<int>(end - first, pinned: true);
        }

        for (int edge = first; edge < end; edge++)
        {
            if (removed.BinarySearch(edge) < 0)
            {
                (_senders[count], _labels[count++]) = (graph.Senders[edge], graph.Labels[edge]);
            }
        }

        // Pinned, so the address stays; nothing is read where there is no edge.
        return count == 0 ? default : new EdgeRun(Address(_senders), Address(_labels), count);
    }

    private static int* Address(int[] pinned) => (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref pinned[0]);
}
