namespace Microsoft.ML.Gmt.Runtime;

/// <summary>How ranks are connected by NCCL: each takes the GPU of its number on its machine, and rank 0 names the group.</summary>
/// <param name="ranks">The ranks, who can gather and broadcast.</param>
/// <param name="options">Which rank this is.</param>
/// <param name="traffic">Counts what is sent.</param>
internal sealed class NcclMeeting(ICollective ranks, RankOptions options, TrafficCount traffic) : IEngineMeeting
{
    private nint _context;
    private NcclSum? _sum;

    /// <inheritdoc/>
    public string? Refusal() => NcclLibrary.Refusal ?? EngineTrial.Problem(() =>
    {
        int devices = NcclLibrary.Functions.DeviceCount;
        if (options.LocalRank >= devices)
        {
            throw new IOException($"process {options.LocalRank} of its machine has no GPU of its own: there are {devices}");
        }

        _context = NcclLibrary.Functions.UseDevice(options.LocalRank);
    });

    /// <inheritdoc/>
    public string? Connect()
    {
        byte[] id = [];
        string? problem = options.Rank == 0 ? EngineTrial.Problem(() => id = NcclLibrary.Functions.NewId()) : null;
        id = ranks.Broadcast(id);
        return problem ?? (id.Length != NcclId.Length ? "rank 0 has no name for the group" : EngineTrial.Problem(() => _sum = new NcclSum(
            ranks, NcclLibrary.Functions.Join(id, options.Rank, options.Size), _context, traffic)));
    }

    /// <inheritdoc/>
    public string? Try() => EngineTrial.Sum(options.Rank, options.Size, values => _sum!.Sum(values));

    /// <inheritdoc/>
    public IRankSum Take() => Interlocked.Exchange(ref _sum, null)!;

    /// <inheritdoc/>
    public void Dispose() => _sum?.Dispose();
}
