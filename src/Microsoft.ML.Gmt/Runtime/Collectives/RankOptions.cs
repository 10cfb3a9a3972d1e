namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Which rank of how many a process is, and how it finds the others.</summary>
/// <param name="Rank">From 0.</param>
/// <param name="Size">How many ranks there are.</param>
internal sealed record RankOptions(int Rank, int Size)
{
    /// <summary>The port where nothing is said, as torchrun has it.</summary>
    public const int DefaultPort = 29500;

    /// <summary>How long a rank may be silent where nothing is said.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The process's number on its machine.</summary>
    public int LocalRank { get; init; }

    /// <summary>The host at which rank 0 listens, by name or address; loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port at which rank 0 listens.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>
    /// The network interface at which this rank listens, by name or address; empty for the one that leads to <see cref="Host"/>.
    /// </summary>
    public string Interface { get; init; } = "";

    /// <summary>What tells this run from others at the same port, such as a job's number; may be empty.</summary>
    public string Run { get; init; } = "";

    /// <summary>What sums values; the same in all ranks.</summary>
    public CollectiveEngine Engine { get; init; }

    /// <summary>
    /// A folder that all ranks see, in which Gloo's ranks exchange their addresses; empty for a store over TCP at rank 0. Rank 0's counts.
    /// </summary>
    public string StoreFolder { get; init; } = "";

    /// <summary>How long ranks wait for each other at the beginning, and how long one may be silent.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Time between two signs of life; null for a tenth of the time-out, at most 5 seconds.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>Time between two signs of life.</summary>
    public TimeSpan HeartbeatInterval => Heartbeat ?? TimeSpan.FromSeconds(Math.Min(5, Timeout.TotalSeconds / 10));
}
