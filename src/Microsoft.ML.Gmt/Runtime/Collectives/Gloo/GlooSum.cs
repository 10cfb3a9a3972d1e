namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Sums by Gloo inside libtorch: each rank is connected with each, and Gloo sends around a ring of its own.</summary>
/// <remarks>
/// Before each sum the ranks tell rank 0 what they are about to sum: so none waits in Gloo for one that computes, calls and lengths are
/// compared, which Gloo doesn't do, and one that is lost meanwhile is noticed by the time-out. In what order Gloo adds is not stated.
/// </remarks>
internal sealed class GlooSum : IRankSum
{
    private readonly ICollective _ranks;
    private readonly TrafficCount _traffic;
    private nint _group;

    /// <param name="ranks">The ranks, who can gather and broadcast.</param>
    /// <param name="group">Their group, owned by this object.</param>
    /// <param name="traffic">Counts what is sent.</param>
    public GlooSum(ICollective ranks, nint group, TrafficCount traffic) => (_ranks, _group, _traffic) = (ranks, group, traffic);

    /// <inheritdoc/>
    public void AllReduce(Memory<float> values, long call)
    {
        _ranks.CheckSum(values.Length, call);
        if (values.IsEmpty)
        {
            return;
        }

        C10dLibrary.Sum(_group, values);
        _traffic.Add(2L * (_ranks.Size - 1) * values.Length * sizeof(float) / _ranks.Size);
    }

    /// <summary>Does nothing: Gloo comes back when a rank closes its connections, or after the time-out.</summary>
    public void Close()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => C10dLibrary.Free(Interlocked.Exchange(ref _group, 0));
}
