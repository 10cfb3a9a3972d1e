using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <content>Rank 0's part.</content>
internal sealed partial class RankMeeting
{
    private static readonly TimeSpan ForLate = TimeSpan.FromSeconds(5);

    private readonly HashSet<int> _saidHello = [];
    private readonly TaskCompletionSource _allSaidHello = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rank 0: waits for all others and tells them where their successors listen.</summary>
    private IPEndPoint Receive(out GuardedListener ring)
    {
        byte[] token = RandomNumberGenerator.GetBytes(TokenLength);
        _token.SetResult(token);
        using GuardedListener door = new(RankAddress.BindFirst(_options), HearHelloAsync);
        ring = new GuardedListener(RankAddress.Bind(new IPEndPoint(door.EndPoint.Address, 0)), HearPreviousAsync);
        Own = First = door.EndPoint.Address;
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
            if (_faults.First is not null)
            {
                // Whoever is on its way hears why, where it would try to reach a rank 0 that has gone.
                _allSaidHello.Task.Wait(ForLate);
            }

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
        string? refusal = isOurs ? unfit ?? _faults.First ?? Admit(hello, socket)
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

            NoteHello(isOurs ? hello.Rank : 0);
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
            if (_faults.First is { } fault)
            {
                connection.Tell(fault); // whoever told the others may have come too early for this one
            }

            NoteHello(hello.Rank);
        }

        return isThere ? $"rank {hello.Rank} is there already: two processes have the same number, or two runs the same port." : null;
    }

    private void NoteHello(int rank)
    {
        lock (_saidHello)
        {
            if (rank > 0 && _saidHello.Add(rank) && _saidHello.Count == _options.Size - 1)
            {
                _allSaidHello.SetResult();
            }
        }
    }

    /// <summary>Why one of this run cannot take part, or null.</summary>
    private string? Unfit(RankHello hello) =>
        hello.Size != _options.Size ? $"rank {hello.Rank} cannot take part: it was told of {hello.Size} ranks, rank 0 of {_options.Size}."
        : hello.Rank < 1 || hello.Rank >= _options.Size ? $"rank {hello.Rank} cannot take part: there are {_options.Size} ranks, and one 0."
        : NamedParts.Difference(hello.Rank, _parts, hello.Parts);
}
