namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Sums by NCCL, through the memory of a GPU: the values come from the CPU's and go back there.</summary>
internal sealed class NcclSum : IRankSum
{
    private readonly ICollective _ranks;
    private readonly TrafficCount _traffic;
    private readonly nint _context;
    private nint _group;
    private ulong _memory;
    private int _length;

    /// <param name="ranks">The ranks, who can gather and broadcast.</param>
    /// <param name="group">Their group, owned by this object.</param>
    /// <param name="context">The context of the GPU.</param>
    /// <param name="traffic">Counts what is sent.</param>
    public NcclSum(ICollective ranks, nint group, nint context, TrafficCount traffic) =>
        (_ranks, _group, _context, _traffic) = (ranks, group, context, traffic);

    /// <inheritdoc/>
    public void AllReduce(Memory<float> values, long call)
    {
        _ranks.CheckSum(values.Length, call);
        Sum(values.Span);
        _traffic.Add(2L * (_ranks.Size - 1) * values.Length * sizeof(float) / _ranks.Size);
    }

    /// <summary>The same, unchecked.</summary>
    public void Sum(Span<float> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        NcclLibrary nccl = NcclLibrary.Functions;
        nccl.Use(_context);
        if (_length < values.Length)
        {
            FreeMemory();
            (_memory, _length) = (nccl.Allocate((long)values.Length * sizeof(float)), values.Length);
        }

        nccl.AllReduce(_group, values, _memory);
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (Interlocked.Exchange(ref _group, 0) is not 0 and nint group)
        {
            NcclLibrary.Functions.Abort(group);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        FreeMemory();
    }

    private void FreeMemory()
    {
        if (_memory != 0)
        {
            NcclLibrary.Functions.Free(_memory);
            (_memory, _length) = (0, 0);
        }
    }
}
