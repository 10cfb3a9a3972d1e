using System.Net.Sockets;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Ranks over TCP, without anything to install: a star around rank 0 for gathering, broadcasting, signs of life and faults, and for sums a
/// ring, or another engine where the options say so.
/// </summary>
/// <remarks>
/// A thread sends signs of life, so that a rank that computes for long is not taken for a silent one; it says nothing of whether the
/// computation gets on. A closed connection ends the run at once, a silent one after the time-out. Nothing is encrypted or authenticated.
/// </remarks>
internal sealed class TcpCollective : ICollective
{
    private static readonly TimeSpan ToHearWhy = TimeSpan.FromSeconds(5);

    private readonly RankOptions _options;
    private readonly RankFaults _faults = new();
    private readonly TrafficCount _traffic = new();
    private readonly RankMeeting _meeting;
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _heart;
    private IRankSum? _sum;
    private long _call;
    private bool _isDisposed;

    private TcpCollective(RankOptions options, IReadOnlyList<(string Name, string Value)> parts)
    {
        _options = options;
        _meeting = new RankMeeting(options, [.. parts, ("GMT_COLLECTIVE", CollectiveEngines.Name(options.Engine))], _faults, _traffic);
        _faults.OnFault = TellAndClose;
        _heart = new Thread(Beat) { IsBackground = true, Name = "gmt heartbeat" };
    }

    /// <inheritdoc/>
    public int Rank => _options.Rank;

    /// <inheritdoc/>
    public int Size => _options.Size;

    /// <inheritdoc/>
    public long BytesSent => _traffic.Total;

    /// <summary>Why the ring sums though Gloo was to do so where it can; null where it is as it should be.</summary>
    public string? WhyNotGloo { get; private set; }

    /// <summary>Meets the other ranks of a run.</summary>
    /// <param name="options">Which rank this is, of at least 2.</param>
    /// <param name="parts">What must be equal in all ranks: names for messages, and values.</param>
    /// <exception cref="CollectiveException">
    /// They did not come in time, a part differs, the port is taken, or a rank has failed meanwhile.
    /// </exception>
    public static TcpCollective Join(RankOptions options, IReadOnlyList<(string Name, string Value)> parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 2);
        TcpCollective made = new(options, parts);
        try
        {
            made._heart.Start();
            RankRing ring = made._meeting.Meet();
            made._faults.Change(() => made._sum = ring);
            made.Barrier();
            if (options.Engine != CollectiveEngine.Managed)
            {
                made.TakeEngine();
            }

            return made;
        }
        catch (CollectiveException e)
        {
            made._faults.Note(e.Message);
            made.Dispose();
            throw;
        }
        catch (Exception e)
        {
            made.Abort(e.Message);
            made.Dispose();
            throw new CollectiveException($"The ranks could not be brought together: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void AllReduce(Memory<float> values)
    {
        _call++;
        ThrowIfFailed();
        try
        {
            _sum!.AllReduce(values, _call);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Rank 0 knows better who ended: what breaks here may be a consequence.
            _faults.Wait(() => false, ToHearWhy);
            _faults.Note($"rank {Rank} ({RankHello.ThisPlace}) ended: a sum failed: {e.Message}");
            ThrowIfFailed();
        }
    }

    /// <inheritdoc/>
    public byte[] Broadcast(ReadOnlySpan<byte> value)
    {
        _call++;
        if (Rank != 0)
        {
            // What rank 0 said counts, even if it has failed since.
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Receive(_meeting.Connections.Single(), RankFrameKind.Broadcast);
        }

        ThrowIfFailed();
        foreach (RankConnection connection in _meeting.Connections)
        {
            connection.Send(RankFrameKind.Broadcast, _call, value);
        }

        return value.ToArray();
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Gather(ReadOnlySpan<byte> value)
    {
        _call++;
        ThrowIfFailed();
        if (Rank != 0)
        {
            _meeting.Connections.Single().Send(RankFrameKind.Gather, _call, value);
            return [];
        }

        return [value.ToArray(), .. _meeting.Connections.Select(connection => Receive(connection, RankFrameKind.Gather))];
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        Gather([]);
        Broadcast([]);
    }

    /// <inheritdoc/>
    public void Abort(string reason) => _faults.Note($"rank {Rank} ({RankHello.ThisPlace}) ended: {reason}");

    /// <inheritdoc/>
    public void Leave()
    {
        Barrier();
        _faults.Close();
        foreach (RankConnection connection in _meeting.Connections)
        {
            connection.Leave();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _faults.Close();
        _end.Set();
        foreach (RankConnection connection in _meeting.Connections)
        {
            connection.Dispose();
        }

        _sum?.Dispose();
        _meeting.Dispose();
        if (_heart.ThreadState != ThreadState.Unstarted)
        {
            _heart.Join();
        }

        _end.Dispose();
    }

    /// <summary>Puts another engine in place of the ring where all ranks can.</summary>
    /// <exception cref="CollectiveException">One cannot, and it must be that engine; thrown in all.</exception>
    private void TakeEngine()
    {
        using IEngineMeeting meeting = _options.Engine == CollectiveEngine.Nccl ? new NcclMeeting(this, _options, _traffic)
            : new GlooMeeting(this, _options, _meeting.Own, _meeting.First, _traffic);
        string? problem = this.FirstProblem(meeting.Refusal()) ?? this.FirstProblem(meeting.Connect()) ?? this.FirstProblem(meeting.Try());
        if (problem is null)
        {
            IRankSum ring = _sum!;
            _faults.Change(() => _sum = meeting.Take());
            ring.Dispose();
        }
        else if (_options.Engine == CollectiveEngine.Auto)
        {
            WhyNotGloo = problem;
        }
        else
        {
            string engine = CollectiveEngines.Name(_options.Engine);
            this.Refuse($"GMT_COLLECTIVE is {engine}, which cannot be used: {problem}. Set GMT_COLLECTIVE=managed in all ranks.");
        }
    }

    private void ThrowIfFailed()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_faults.First is { } fault)
        {
            throw new CollectiveException(fault);
        }
    }

    private byte[] Receive(RankConnection connection, RankFrameKind kind)
    {
        RankFrame frame = connection.Receive()!.Value;
        if (frame.Kind != kind || frame.Call != _call)
        {
            Abort($"call {_call} is a {kind} here, and call {frame.Call} a {frame.Kind} in rank {connection.Peer}");
            ThrowIfFailed();
        }

        return frame.Payload;
    }

    /// <summary>Tells the others of a fault, and closes everything, so that whoever waits comes back.</summary>
    private void TellAndClose(string fault)
    {
        RankConnection[] connections = [.. _meeting.Connections];
        foreach (RankConnection connection in connections)
        {
            connection.Tell(fault);
        }

        foreach (RankConnection connection in connections)
        {
            connection.Close();
        }

        _sum?.Close();
    }

    private void Beat()
    {
        while (!_end.Wait(_options.HeartbeatInterval))
        {
            foreach (RankConnection connection in _meeting.Connections)
            {
                if (connection.Silence is var silence && silence > _options.Timeout)
                {
                    _faults.Note(
                        $"rank {connection.Peer} ({connection.Place}) has been silent for {silence.TotalSeconds:n0} s (GMT_RANK_TIMEOUT is "
                        + $"{_options.Timeout.TotalSeconds:n0})");
                    return;
                }

                connection.Beat();
            }
        }
    }
}
