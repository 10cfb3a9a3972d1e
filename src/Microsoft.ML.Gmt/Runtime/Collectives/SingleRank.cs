namespace Microsoft.ML.Gmt.Runtime;

/// <summary>A run of one process: every result is its own value, and nothing is sent.</summary>
internal sealed class SingleRank : ICollective
{
    private SingleRank()
    {
    }

    /// <summary>The only one.</summary>
    public static SingleRank Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public long BytesSent => 0;

    /// <inheritdoc/>
    public void AllReduce(Memory<float> values)
    {
    }

    /// <inheritdoc/>
    public byte[] Broadcast(ReadOnlySpan<byte> value) => value.ToArray();

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Gather(ReadOnlySpan<byte> value) => [value.ToArray()];

    /// <inheritdoc/>
    public void Barrier()
    {
    }

    /// <inheritdoc/>
    public void Abort(string reason)
    {
    }

    /// <inheritdoc/>
    public void Leave()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
