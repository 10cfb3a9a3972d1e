using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>How ranks find each other: rank 0 listens, the others say hello, all learn where their successor in the ring listens.</summary>
/// <remarks>
/// Rank 0's port is open until all are there. There is no authentication: who can reach the port and knows the protocol can take a rank's
/// place. What is no hello is dropped; a rank of another run, or one that is there already, is refused; one of this run with other parts is
/// refused and ends the run.
/// </remarks>
internal sealed class RankMeeting : IDisposable
{
    private const int TokenLength = 16;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200), ForAnswer = TimeSpan.FromSeconds(20);

    private readonly RankOptions _options;
    private readonly IReadOnlyList<(string Name, string Value)> _parts;
    private readonly RankFaults _faults;
    private readonly TrafficCount _traffic;
    private readonly RankConnection?[] _connections;
    private readonly RankHello?[] _hellos;
    private long _started = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource<byte[]> _token = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>Rank 0: waits for all others and tells them where their successors listen.</summary>
    private IPEndPoint Receive(out GuardedListener ring)
    {
        byte[] token = RandomNumberGenerator.GetBytes(TokenLength);
        _token.SetResult(token);
        using GuardedListener door = new(RankAddress.BindFirst(_options), HearHelloAsync);
        ring = new GuardedListener(RankAddress.Bind(new IPEndPoint(door.EndPoint.Address, 0)), HearPreviousAsync);
        try
        {
            Await(
                () => _connections.Count(connection => connection is not null) == _options.Size - 1,
                () => $"Of {_options.Size} ranks, {Missing()} did not come");
            for (int rank = 1; rank < _options.Size; rank++)
            {
                // Rank 0 is where the last one reached it, at the port of its ring.
                string after = rank + 1 < _options.Size ? _hellos[rank + 1]!.Ring.ToString() : $":{ring.EndPoint.Port}";
                _connections[rank]!.Send(RankFrameKind.Welcome, 0, [.. token, .. Encoding.UTF8.GetBytes(after)]);
            }

            return _hellos[1]!.Ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    private string Missing()
    {
        int[] missing = [.. Enumerable.Range(1, _options.Size - 1).Where(rank => _connections[rank] is null)];
        return $"{missing.Length} ({string.Join(", ", missing.Take(10))}{(missing.Length > 10 ? " …" : "")})";
    }

    private async Task<bool> HearHelloAsync(Socket socket, CancellationToken cancellationToken)
    {
        RankFrame frame = await RankFrame.ReadAsync(socket, cancellationToken).ConfigureAwait(false);
        if (frame.Kind != RankFrameKind.Hello)
        {
            return false;
        }

        var hello = RankHello.Decode(frame.Payload);
        bool isOurs = hello.Run == _options.Run;
        string? unfit = isOurs ? Unfit(hello) : null;
        string? refusal = isOurs ? unfit ?? Admit(hello, socket)
            : $"rank 0 here belongs to run '{_options.Run}', and rank {hello.Rank} to run '{hello.Run}': set another MASTER_PORT.";
        if (refusal is null)
        {
            return true;
        }

        try
        {
            byte[] answer = RankFrame.Encode(RankFrameKind.Refusal, 0, Encoding.UTF8.GetBytes(refusal));
            await socket.SendAsync(answer, cancellationToken).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        finally
        {
            if (unfit is not null)
            {
                _faults.Note(unfit);
            }
        }

        return false;
    }

    /// <summary>Takes a rank in; says why not where one of its number is there.</summary>
    private string? Admit(RankHello hello, Socket socket)
    {
        bool isThere = false;
        _faults.Change(() =>
        {
            isThere = _hellos[hello.Rank] is not null;
            _hellos[hello.Rank] ??= hello;
        });
        if (!isThere)
        {
            // It counts as there only once its answer is sent: what rank 0 says next comes after.
            RankConnection connection = new(socket, hello.Rank, hello.Place, _faults, _traffic);
            connection.Send(RankFrameKind.Admitted, 0, []);
            _faults.Change(() => _connections[hello.Rank] = connection);
        }

        return isThere ? $"rank {hello.Rank} is there already: two processes have the same number, or two runs the same port." : null;
    }

    /// <summary>Why one of this run cannot take part, or null.</summary>
    private string? Unfit(RankHello hello) =>
        hello.Size != _options.Size ? $"rank {hello.Rank} cannot take part: it was told of {hello.Size} ranks, rank 0 of {_options.Size}."
        : hello.Rank < 1 || hello.Rank >= _options.Size ? $"rank {hello.Rank} cannot take part: there are {_options.Size} ranks, and one 0."
        : NamedParts.Difference(hello.Rank, _parts, hello.Parts);

    /// <summary>Another rank: says hello and waits for the answer.</summary>
    private IPEndPoint Join(out GuardedListener ring)
    {
        IPAddress[] addresses = RankAddress.Resolve(_options.Host);
        while (true)
        {
            Socket socket = Connect(addresses, _options.Port, "rank 0", " (MASTER_ADDR, MASTER_PORT)");
            IPAddress first = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            IPAddress own = RankAddress.OfRing(_options, ((IPEndPoint)socket.LocalEndPoint!).Address);
            ring = new GuardedListener(RankAddress.Bind(new IPEndPoint(own, 0)), HearPreviousAsync);
            try
            {
                if (IsAdmitted(socket, ring.EndPoint))
                {
                    _connections[0] = new RankConnection(socket, 0, "where MASTER_ADDR says", _faults, _traffic);
                    return Welcome(_connections[0]!, first);
                }
            }
            catch
            {
                socket.Dispose();
                ring.Dispose();
                throw;
            }

            // Somebody else at the port, or a rank 0 that has too many guests: it may be otherwise in a moment.
            socket.Dispose();
            ring.Dispose();
            if (Left <= TimeSpan.Zero)
            {
                throw new CollectiveException(
                    $"What listens at {first}, port {_options.Port} (MASTER_ADDR, MASTER_PORT) did not answer as rank 0 does.");
            }

            _faults.Wait(() => false, Between);
        }
    }

    private bool IsAdmitted(Socket socket, IPEndPoint ring)
    {
        var hello = new RankHello(_options.Rank, _options.Size, _options.Run, ring, RankHello.ThisPlace, _parts);
        byte[] frame = RankFrame.Encode(RankFrameKind.Hello, 0, hello.Encode());
        socket.ReceiveTimeout = (int)Math.Clamp(Left.TotalMilliseconds, 1, ForAnswer.TotalMilliseconds);
        try
        {
            RankFrame.SendAll(socket, frame);
            _traffic.Add(frame.Length);
            RankFrame answer;
            do
            {
                answer = RankFrame.Read(socket);
            }
            while (answer.Kind == RankFrameKind.Heartbeat);

            socket.ReceiveTimeout = 0;
            return answer.Kind == RankFrameKind.Refusal
                ? throw new CollectiveException(Encoding.UTF8.GetString(answer.Payload))
                : answer.Kind == RankFrameKind.Admitted;
        }
        catch (Exception e) when (e is SocketException or IOException and not CollectiveException)
        {
            return false;
        }
    }

    /// <summary>Waits until all are there; where the next rank listens.</summary>
    private IPEndPoint Welcome(RankConnection connection, IPAddress first)
    {
        // Rank 0 waits no longer than the time-out, and it may have begun later than this rank.
        TimeSpan most = 2 * _options.Timeout;
        RankFrame frame = connection.Receive(most) ?? throw new CollectiveException(
            $"Rank 0 did not begin within {most.TotalSeconds:n0} s (twice GMT_RANK_TIMEOUT): other ranks are missing.");
        byte[] payload = frame.Payload;
        _token.SetResult(payload[..TokenLength]);
        string next = Encoding.UTF8.GetString(payload.AsSpan(TokenLength));
        return next.StartsWith(':')
            ? new IPEndPoint(first, int.Parse(next.AsSpan(1), CultureInfo.InvariantCulture))
            : IPEndPoint.Parse(next);
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
                    return socket;
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
