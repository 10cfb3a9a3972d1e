using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <content>The part of all ranks but the first.</content>
internal sealed partial class RankMeeting
{
    private static readonly TimeSpan ForAnswer = TimeSpan.FromSeconds(20);

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
                    (Own, First) = (ring.EndPoint.Address, first);
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
}
