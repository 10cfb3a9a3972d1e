using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// The connection between rank 0 and another, at either end: a thread reads what comes, so that signs of life and faults are heard while
/// this rank computes.
/// </summary>
internal sealed class RankConnection : IDisposable
{
    private static readonly TimeSpan ToTell = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly RankFaults _faults;
    private readonly TrafficCount _traffic;
    private readonly Queue<RankFrame> _received = [];
    private readonly object _sending = new();
    private readonly Thread _reader;
    private long _heard = Environment.TickCount64;
    private volatile bool _hasLeft;

    /// <summary>Reads from now on.</summary>
    /// <param name="socket">The connection; owned by this object.</param>
    /// <param name="peer">The rank at the other end.</param>
    /// <param name="place">Where that one runs, for messages.</param>
    /// <param name="faults">Where faults go.</param>
    /// <param name="traffic">Counts what is sent.</param>
    public RankConnection(Socket socket, int peer, string place, RankFaults faults, TrafficCount traffic)
    {
        (_socket, Peer, Place, _faults, _traffic) = (socket, peer, place, faults, traffic);
        _socket.NoDelay = true;
        _reader = new Thread(Read) { IsBackground = true, Name = $"gmt rank {peer}" };
        _reader.Start();
    }

    /// <summary>The rank at the other end.</summary>
    public int Peer { get; }

    /// <summary>Where that one runs.</summary>
    public string Place { get; }

    /// <summary>How long nothing came; nothing for one that has left.</summary>
    public TimeSpan Silence =>
        _hasLeft ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _heard));

    /// <summary>Sends a frame; returns without it where the connection is broken, of which the reader hears.</summary>
    public void Send(RankFrameKind kind, long call, ReadOnlySpan<byte> payload)
    {
        byte[] frame = RankFrame.Encode(kind, call, payload);
        lock (_sending)
        {
            TrySend(frame);
        }
    }

    /// <summary>Tells the other end why the run has failed, unless that takes too long.</summary>
    public void Tell(string fault) => SendWithin(ToTell, RankFrameKind.Fault, Encoding.UTF8.GetBytes(fault));

    /// <summary>Tells the other end that this one is done, unless that takes too long.</summary>
    public void Leave() => SendWithin(ToTell, RankFrameKind.Leave, []);

    /// <summary>A sign of life, unless another frame is on its way, which is one.</summary>
    public void Beat()
    {
        if (Monitor.TryEnter(_sending))
        {
            try
            {
                TrySend(RankFrame.Encode(RankFrameKind.Heartbeat, 0, []));
            }
            finally
            {
                Monitor.Exit(_sending);
            }
        }
    }

    /// <summary>Waits for the next frame of a call.</summary>
    /// <param name="time">How long; null for ever.</param>
    /// <returns>Null where nothing came in time.</returns>
    /// <exception cref="CollectiveException">The run has failed.</exception>
    public RankFrame? Receive(TimeSpan? time = null)
    {
        RankFrame frame = default;
        return _faults.Wait(() => _received.TryDequeue(out frame), time) ? frame : null;
    }

    /// <summary>Closes the connection: whoever sends or reads comes back.</summary>
    public void Close() => SocketEnd.Close(_socket);

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _reader.Join();
    }

    /// <summary>Sends a frame unless another is on its way for longer than the time given.</summary>
    private void SendWithin(TimeSpan time, RankFrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (!Monitor.TryEnter(_sending, time))
        {
            return;
        }

        try
        {
            _socket.SendTimeout = (int)Math.Max(1, time.TotalMilliseconds);
            TrySend(RankFrame.Encode(kind, 0, payload));
            _socket.SendTimeout = 0;
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
        finally
        {
            Monitor.Exit(_sending);
        }
    }

    private void TrySend(byte[] frame)
    {
        try
        {
            RankFrame.SendAll(_socket, frame);
            _traffic.Add(frame.Length);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The reader hears of it, and knows better why.
        }
    }

    private void Read()
    {
        try
        {
            while (true)
            {
                RankFrame frame = RankFrame.Read(_socket);
                Interlocked.Exchange(ref _heard, Environment.TickCount64);
                switch (frame.Kind)
                {
                    case RankFrameKind.Heartbeat:
                        break;
                    case RankFrameKind.Fault:
                        _faults.Note(Encoding.UTF8.GetString(frame.Payload));
                        break;
                    case RankFrameKind.Leave:
                        _hasLeft = true;
                        break;
                    default:
                        _faults.Change(() => _received.Enqueue(frame));
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            if (!_hasLeft)
            {
                string why = e is IOException and not EndOfStreamException ? e.Message.TrimEnd('.') : "its connection was closed";
                _faults.Note($"rank {Peer} ({Place}) ended: {why}");
            }
        }
    }
}
