namespace Microsoft.ML.Gmt.Extensions;

/// <summary>One model of a pool, by its name.</summary>
internal sealed class PooledModelOptions<TData, TPrediction>
{
    public string? FilePath { get; set; }

    public bool WatchForChanges { get; set; }

    /// <summary>How often the file is looked at.</summary>
    public TimeSpan WatchInterval { get; set; } = new GmtOptions().WatchInterval;
}
