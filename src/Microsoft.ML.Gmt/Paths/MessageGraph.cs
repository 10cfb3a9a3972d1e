namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// Labeled directed edges that messages run along, in compressed sparse rows by receiver: the edges of node v are those with index
/// <c>Offsets[v]</c> … <c>Offsets[v + 1] − 1</c>, in the order of their labels and then of their senders. Immutable.
/// </summary>
/// <remarks>
/// Every node that receives from another also sends to it, over whatever label; path networks find what a query changes by it. Copies of an
/// edge stand side by side and count as often as they stand there.
/// </remarks>
internal sealed class MessageGraph
{
    private readonly long[] _offsets;
    private readonly int[] _senders;
    private readonly int[] _labels;

    private MessageGraph(long[] offsets, int[] senders, int[] labels, int labelCount) =>
        (_offsets, _senders, _labels, LabelCount) = (offsets, senders, labels, labelCount);

    /// <summary>N, how many nodes there are.</summary>
    public int NodeCount => _offsets.Length - 1;

    /// <summary>K, how many labels there are.</summary>
    public int LabelCount { get; }

    /// <summary>E, how many edges there are.</summary>
    public int EdgeCount => _senders.Length;

    /// <summary>Where the edges of each receiver begin, and at last the number of edges: [N + 1].</summary>
    public ReadOnlySpan<long> Offsets => _offsets;

    /// <summary>The node that sends over each edge: [E].</summary>
    public ReadOnlySpan<int> Senders => _senders;

    /// <summary>The label of each edge: [E].</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Lays edges out; they may come in any order.</summary>
    /// <param name="nodeCount">N.</param>
    /// <param name="labelCount">K.</param>
    /// <param name="edges">Edges of nodes below N and labels below K.</param>
    public static MessageGraph Build(int nodeCount, int labelCount, IReadOnlyCollection<MessageEdge> edges)
    {
        long[] offsets = new long[nodeCount + 1];
        foreach (MessageEdge edge in edges)
        {
            offsets[edge.Receiver + 1]++;
        }

        for (int node = 0; node < nodeCount; node++)
        {
            offsets[node + 1] += offsets[node];
        }

        long[] next = offsets[..nodeCount];
        long[] keys = new long[edges.Count];   // label, then sender
        foreach (MessageEdge edge in edges)
        {
            keys[next[edge.Receiver]++] = ((long)edge.Label << 32) | (uint)edge.Sender;
        }

        int[] senders = new int[keys.Length], labels = new int[keys.Length];
        for (int node = 0; node < nodeCount; node++)
        {
            keys.AsSpan((int)offsets[node], (int)(offsets[node + 1] - offsets[node])).Sort();
        }

        for (int edge = 0; edge < keys.Length; edge++)
        {
            (senders[edge], labels[edge]) = ((int)(keys[edge] & uint.MaxValue), (int)(keys[edge] >> 32));
        }

        return new MessageGraph(offsets, senders, labels, labelCount);
    }

    /// <summary>The indices of all copies of an edge; an empty range where there is none.</summary>
    public Range Find(MessageEdge edge)
    {
        int first = (int)_offsets[edge.Receiver], count = (int)_offsets[edge.Receiver + 1] - first;
        int start = first + Place(edge.Label, edge.Sender, first, count);
        int end = start;
        while (end < first + count && _labels[end] == edge.Label && _senders[end] == edge.Sender)
        {
            end++;
        }

        return start..end;
    }

    /// <summary>The node that receives over an edge.</summary>
    /// <param name="edge">The edge's index.</param>
    public int ReceiverOf(int edge)
    {
        // The last of the nodes that begin there or earlier: those before it have no edge.
        int low = 0, high = NodeCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            (low, high) = _offsets[middle] <= edge ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    // How many edges of a receiver come before (label, sender).
    private int Place(int label, int sender, int first, int count)
    {
        int low = 0, high = count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (int otherLabel, int otherSender) = (_labels[first + middle], _senders[first + middle]);
            if (otherLabel < label || (otherLabel == label && otherSender < sender))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
