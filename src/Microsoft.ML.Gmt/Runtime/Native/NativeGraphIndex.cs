using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Distinct edge states as the kernel gives them.</summary>
/// <param name="EdgeState">The state of each edge: [edges].</param>
/// <param name="Relations">The relation of each state: [states].</param>
/// <param name="Contexts">The context of each state in the order of its ranks, filled up with −1: [states · top-k].</param>
internal readonly record struct NativeEdgeStates(int[] EdgeState, int[] Relations, int[] Contexts);

/// <summary>What the kernel remembers of a graph between searches for its edge states. Many threads may search at once.</summary>
internal sealed class NativeGraphIndex : SafeHandle
{
    private readonly int _relationCount;
    private readonly int _topK;
    private readonly int _edgeCount;

    internal NativeGraphIndex(nint index, int relationCount, int topK, int edgeCount)
        : base(0, ownsHandle: true)
    {
        (_relationCount, _topK, _edgeCount) = (relationCount, topK, edgeCount);
        SetHandle(index);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Finds the distinct edge states under an order of the relations.</summary>
    /// <param name="ranks">Entry r · R + j is the place of relation j in the order of r, 0 first: [R · R].</param>
    /// <exception cref="ArgumentException">There are more or fewer ranks, or one is not below R.</exception>
    /// <exception cref="ObjectDisposedException">The index has been disposed.</exception>
    public NativeEdgeStates FindEdgeStates(ReadOnlySpan<ushort> ranks)
    {
        if (ranks.Length != (long)_relationCount * _relationCount)
        {
            throw new ArgumentException(
                $"{_relationCount} relations have {(long)_relationCount * _relationCount} ranks, not {ranks.Length}.", nameof(ranks));
        }

        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            return NativeKernels.FindEdgeStates(handle, _topK, ranks, _edgeCount);
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeKernels.FreeGraphIndex(handle);
        return true;
    }
}
