using System.Buffers.Binary;
using System.Net.Sockets;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Sums over ranks that stand in a ring, each sending to the next: every rank ends up with the sum of one part and passes it on
/// (reduce-scatter, all-gather), so that a rank sends 2 (N − 1) / N of the values, however many ranks there are.
/// </summary>
/// <remarks>Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", 2009.</remarks>
internal sealed class RankRing : IRankSum
{
    private const int PieceLength = 1 << 16; // values that are received and added at once

    private readonly int _rank;
    private readonly int _size;
    private readonly Socket _next;
    private readonly Socket _previous;
    private readonly TrafficCount _traffic;
    private readonly BackgroundSender _sender = new();
    private readonly float[] _piece = new float[PieceLength];

    /// <param name="rank">This rank.</param>
    /// <param name="size">How many there are, at least 2.</param>
    /// <param name="next">The connection to the next rank, owned by this object.</param>
    /// <param name="previous">The one to the previous rank, owned by this object.</param>
    /// <param name="traffic">Counts what is sent.</param>
    public RankRing(int rank, int size, Socket next, Socket previous, TrafficCount traffic)
    {
        (_rank, _size, _next, _previous, _traffic) = (rank, size, next, previous, traffic);
        _next.NoDelay = _previous.NoDelay = true;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The values are cut into as many parts of equal length, up to one value, as there are ranks. Part c is added in the order of ranks
    /// c, c + 1 …, around the end: ((x_c + x_(c+1)) + …) + x_(c−1).
    /// </remarks>
    public void AllReduce(Memory<float> values, long call)
    {
        CheckPrevious(values.Length, call);
        for (int step = 0; step < _size - 1; step++)
        {
            Exchange(Part(values, _rank - step), Part(values, _rank - step - 1), adds: true);
        }

        for (int step = 0; step < _size - 1; step++)
        {
            Exchange(Part(values, _rank + 1 - step), Part(values, _rank - step), adds: false);
        }
    }

    /// <summary>Closes both connections: whoever sends or receives comes back.</summary>
    public void Close()
    {
        SocketEnd.Close(_next);
        SocketEnd.Close(_previous);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _sender.Dispose();
    }

    /// <summary>Tells the next rank what comes, and hears that of the previous one.</summary>
    private void CheckPrevious(int count, long call)
    {
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, count);
        byte[] head = RankFrame.Encode(RankFrameKind.AllReduce, call, length);
        _sender.Begin(() => RankFrame.SendAll(_next, head));
        RankFrame frame = RankFrame.Read(_previous);
        _sender.Wait();
        _traffic.Add(head.Length);
        int previous = frame.Payload.Length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(frame.Payload) : -1;
        if (frame.Kind != RankFrameKind.AllReduce || frame.Call != call || previous != count)
        {
            throw new IOException(
                $"call {call} is an all-reduce of {count:n0} values in rank {_rank}, and call {frame.Call} one of {previous:n0} "
                + "in the rank before");
        }
    }

    private void Exchange(Memory<float> sent, Memory<float> received, bool adds)
    {
        _sender.Begin(() => RankFrame.SendAll(_next, MemoryMarshal.AsBytes(sent.Span)));
        for (int start = 0; start < received.Length; start += PieceLength)
        {
            Span<float> target = received.Span[start..Math.Min(start + PieceLength, received.Length)];
            Span<float> piece = adds ? _piece.AsSpan(0, target.Length) : target;
            RankFrame.ReadAll(_previous, MemoryMarshal.AsBytes(piece));
            if (adds)
            {
                TensorPrimitives.Add(piece, target, target);
            }
        }

        _sender.Wait();
        _traffic.Add((long)sent.Length * sizeof(float));
    }

    /// <summary>Part c of the values, c modulo the number of ranks.</summary>
    private Memory<float> Part(Memory<float> values, int part)
    {
        var share = RowShare.Of(((part % _size) + _size) % _size, _size, values.Length);
        return values[share.First..share.End];
    }
}
