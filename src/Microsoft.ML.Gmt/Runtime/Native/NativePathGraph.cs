using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>A graph that the kernel has laid out for message passing. Many threads may use it at once.</summary>
internal sealed class NativePathGraph : SafeHandle
{
    /// <summary>Lays a graph out.</summary>
    /// <param name="labelCount">K.</param>
    /// <param name="offsets">Where each node's edges begin, and the end of all: [nodes + 1].</param>
    /// <param name="senders">The node that sends over each edge: [edges].</param>
    /// <param name="labels">The label of each edge: [edges].</param>
    /// <exception cref="ArgumentException">An array is of the wrong length, or an id is out of range.</exception>
    public NativePathGraph(int labelCount, ReadOnlySpan<long> offsets, ReadOnlySpan<int> senders, ReadOnlySpan<int> labels)
        : base(0, ownsHandle: true)
    {
        if (offsets.Length < 2 || offsets[^1] != senders.Length || senders.Length != labels.Length)
        {
            throw new ArgumentException(
                $"{offsets.Length} offsets, {senders.Length} senders and {labels.Length} labels contradict each other.", nameof(offsets));
        }

        SetHandle(NativeKernels.MakePathGraph(labelCount, offsets, senders, labels));
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Keeps the graph while a call runs.</summary>
    internal readonly ref struct Hold
    {
        private readonly NativePathGraph _held;

        public Hold(NativePathGraph held)
        {
            bool success = false;
            held.DangerousAddRef(ref success);
            _held = held;
        }

        /// <summary>The handle.</summary>
        public nint Handle => _held.DangerousGetHandle();

        public void Dispose() => _held.DangerousRelease();
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeKernels.FreePathGraph(handle);
        return true;
    }
}
