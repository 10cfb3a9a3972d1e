namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Counts bytes from any thread.</summary>
internal sealed class TrafficCount
{
    private long _bytes;

    /// <summary>All so far.</summary>
    public long Total => Interlocked.Read(ref _bytes);

    /// <summary>Adds some.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
