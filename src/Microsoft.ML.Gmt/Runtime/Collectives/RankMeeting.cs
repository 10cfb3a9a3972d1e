using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>How ranks find each other: rank 0 listens, the others say hello, all learn where their successor in the ring listens.</summary>
/// <remarks>
/// Rank 0's port is open until all are there. There is no authentication: who can reach the port and knows the protocol can take a rank's
/// place. What is no hello is dropped; a rank of another run, or one that is there already, is refused; one of this run with other parts is
/// refused and ends the run.
/// </remarks>
internal sealed partial class RankMeeting : IDisposable
{
    private const int TokenLength = 16;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly RankOptions _options;
    private readonly IReadOnlyList<(string Name, string Value)> _parts;
    private readonly RankFaults _faults;
    private readonly TrafficCount _traffic;
    private readonly RankConnection?[] _connections;
    private readonly RankHello?[] _hellos;
    private readonly TaskCompletionSource<byte[]> _token = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _started = Stopwatch.GetTimestamp();
    private Socket? _next;
    private Socket? _previous;

    /// <param name="options">Which rank this is.</param>
    /// <param name="parts">What must be equal in all ranks.</param>
    /// <param name="faults">Where faults go.</param>
    /// <param name="traffic">Counts what is sent.</param>
    public RankMeeting(
        RankOptions options, IReadOnlyList<(string Name, string Value)> parts, RankFaults faults, TrafficCount traffic)
    {
        (_options, _parts, _faults, _traffic) = (options, parts, faults, traffic);
        (_connections, _hellos) = (new RankConnection?[options.Size], new RankHello?[options.Size]);
    }

    /// <summary>
    /// The connections of the star, by rank: in rank 0 to all others, there to rank 0. The caller's, also where the meeting fails.
    /// </summary>
    public IEnumerable<RankConnection> Connections => _connections.OfType<RankConnection>();

    /// <summary>The address at which this rank listens, once they have met.</summary>
    public IPAddress Own { get; private set; } = IPAddress.None;

    /// <summary>The address at which this rank reaches rank 0, once they have met; in rank 0 its own.</summary>
    public IPAddress First { get; private set; } = IPAddress.None;

    /// <summary>Meets the other ranks.</summary>
    /// <exception cref="CollectiveException">They did not come in time, do not fit together, or one has failed.</exception>
    public RankRing Meet()
    {
        IPEndPoint next = _options.Rank == 0 ? Receive(out GuardedListener ring) : Join(out ring);
        using (ring)
        {
            _started = Stopwatch.GetTimestamp(); // all are there now, however long this rank waited for them
            ConnectToNext(next);
            Await(() => _previous is not null, () => $"rank {(_options.Rank + _options.Size - 1) % _options.Size} did not connect");
        }

        RankRing made = new(_options.Rank, _options.Size, _next!, _previous!, _traffic);
        (_next, _previous) = (null, null);
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _next?.Dispose();
        _previous?.Dispose();
    }

    private TimeSpan Left => _options.Timeout - Stopwatch.GetElapsedTime(_started);

    private void Await(Func<bool> condition, Func<string> missing)
    {
        if (!_faults.Wait(condition, Left))
        {
            throw new CollectiveException($"{missing()} within {_options.Timeout.TotalSeconds:n0} s (GMT_RANK_TIMEOUT).");
        }
    }

    private void ConnectToNext(IPEndPoint place)
    {
        _next = Connect([place.Address], place.Port, $"rank {(_options.Rank + 1) % _options.Size}", "");
        byte[] frame = RankFrame.Encode(RankFrameKind.Ring, _options.Rank, _token.Task.Result);
        RankFrame.SendAll(_next, frame);
        _traffic.Add(frame.Length);
    }

    private async Task<bool> HearPreviousAsync(Socket socket, CancellationToken cancellationToken)
    {
        RankFrame frame = await RankFrame.ReadAsync(socket, cancellationToken).ConfigureAwait(false);

        // The previous rank may hear that all are there before this one does.
        byte[] token = await _token.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        bool isPrevious = frame.Kind == RankFrameKind.Ring && frame.Call == (_options.Rank + _options.Size - 1) % _options.Size
            && CryptographicOperations.FixedTimeEquals(frame.Payload, token);
        _faults.Change(() =>
        {
            isPrevious &= _previous is null;
            _previous = isPrevious ? socket : _previous;
        });
        return isPrevious;
    }

    /// <summary>Connects, again and again until the time is over: the other may not be there yet.</summary>
    private Socket Connect(IPAddress[] addresses, int port, string who, string variables)
    {
        SocketException? last = null;
        do
        {
            foreach (IPAddress address in addresses)
            {
                Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    using CancellationTokenSource limit = new(Left > TimeSpan.Zero ? Left : Between);
                    socket.ConnectAsync(new IPEndPoint(address, port), limit.Token).AsTask().GetAwaiter().GetResult();
                    if (!Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
                    {
                        return socket;
                    }

                    socket.Dispose(); // nobody listens: it was given that very port and reached itself
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    socket.Dispose();
                    last = e as SocketException;
                }
            }

            _faults.Wait(() => false, Between);
        }
        while (Left > TimeSpan.Zero);

        throw new CollectiveException(
            $"{who} could not be reached at {addresses[0]}, port {port}{variables}, within "
            + $"{_options.Timeout.TotalSeconds:n0} s (GMT_RANK_TIMEOUT): {last?.Message ?? "there was no answer"}.",
            last);
    }
}
