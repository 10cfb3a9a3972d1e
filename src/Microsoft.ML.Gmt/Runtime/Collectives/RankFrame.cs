using System.Buffers.Binary;
using System.Net.Sockets;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>What a frame between two ranks is.</summary>
internal enum RankFrameKind : byte
{
    /// <summary>A rank's first word to rank 0.</summary>
    Hello = 1,

    /// <summary>Rank 0's answer to a rank that it waits for.</summary>
    Admitted,

    /// <summary>Rank 0's word to each once all are there: the ring's token, and where the next rank listens.</summary>
    Welcome,

    /// <summary>Rank 0's answer to one that does not belong here; text.</summary>
    Refusal,

    /// <summary>The first word on a connection of the ring.</summary>
    Ring,

    /// <summary>A sign of life.</summary>
    Heartbeat,

    /// <summary>A value for rank 0.</summary>
    Gather,

    /// <summary>A value of rank 0.</summary>
    Broadcast,

    /// <summary>The head of an all-reduce: how many values there are.</summary>
    AllReduce,

    /// <summary>The run has failed; text.</summary>
    Fault,

    /// <summary>The sender is done and closes its connection.</summary>
    Leave,
}

/// <summary>
/// A message between two ranks: 4 bytes <c>GMT1</c>, the kind (4 bytes), the length of the payload (4), the call's number (8), little
/// endian, and the payload.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Call">The number of the call that it belongs to; 0 where it belongs to none.</param>
/// <param name="Payload">Its content.</param>
internal readonly record struct RankFrame(RankFrameKind Kind, long Call, byte[] Payload)
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeadLength = 20;

    /// <summary>The longest payload that is read from one that has not said who it is.</summary>
    public const int MostFromStrangers = 1 << 16;

    private const uint Magic = 0x31544D47;

    /// <summary>The frame as it travels.</summary>
    public static byte[] Encode(RankFrameKind kind, long call, ReadOnlySpan<byte> payload)
    {
        byte[] bytes = new byte[HeadLength + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), (int)kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), call);
        payload.CopyTo(bytes.AsSpan(HeadLength));
        return bytes;
    }

    /// <summary>Waits for a frame of a rank that is known.</summary>
    /// <exception cref="IOException">What comes is no frame, or the connection was closed.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    public static RankFrame Read(Socket socket)
    {
        byte[] head = new byte[HeadLength];
        ReadAll(socket, head);
        (RankFrameKind kind, int length, long call) = Decode(head, int.MaxValue);
        byte[] payload = new byte[length];
        ReadAll(socket, payload);
        return new RankFrame(kind, call, payload);
    }

    /// <summary>The same of anybody who connects: short ones alone.</summary>
    public static async Task<RankFrame> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        byte[] head = new byte[HeadLength];
        await ReadAllAsync(socket, head, cancellationToken).ConfigureAwait(false);
        (RankFrameKind kind, int length, long call) = Decode(head, MostFromStrangers);
        byte[] payload = new byte[length];
        await ReadAllAsync(socket, payload, cancellationToken).ConfigureAwait(false);
        return new RankFrame(kind, call, payload);
    }

    /// <summary>Fills a span from a connection.</summary>
    /// <exception cref="EndOfStreamException">The connection was closed before.</exception>
    public static void ReadAll(Socket socket, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = socket.Receive(bytes);
            bytes = read > 0 ? bytes[read..] : throw new EndOfStreamException("The connection was closed.");
        }
    }

    /// <summary>Sends a span as a whole.</summary>
    public static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static async Task ReadAllAsync(Socket socket, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            int read = await socket.ReceiveAsync(bytes, cancellationToken).ConfigureAwait(false);
            bytes = read > 0 ? bytes[read..] : throw new EndOfStreamException("The connection was closed.");
        }
    }

    private static (RankFrameKind Kind, int Length, long Call) Decode(ReadOnlySpan<byte> head, int most)
    {
        int kind = BinaryPrimitives.ReadInt32LittleEndian(head[4..]), length = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic && kind is > 0 and <= (int)RankFrameKind.Leave
            && length >= 0 && length <= most
            ? ((RankFrameKind)kind, length, BinaryPrimitives.ReadInt64LittleEndian(head[12..]))
            : throw new IOException("What came over the connection is no message of a rank.");
    }
}
