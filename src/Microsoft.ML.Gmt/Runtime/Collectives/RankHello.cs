using System.Net;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>A rank's first word to rank 0: who it is, where the ring reaches it, and what must be equal.</summary>
/// <param name="Rank">Its number.</param>
/// <param name="Size">How many ranks it was told of.</param>
/// <param name="Run">The run that it belongs to.</param>
/// <param name="Ring">Where it listens for its predecessor.</param>
/// <param name="Place">Host and process, for messages.</param>
/// <param name="Parts">What must be equal in all ranks.</param>
internal sealed record RankHello(
    int Rank, int Size, string Run, IPEndPoint Ring, string Place, IReadOnlyList<(string Name, string Value)> Parts)
{
    /// <summary>This process's host and number.</summary>
    public static string ThisPlace => $"{Environment.MachineName}, process {Environment.ProcessId}";

    /// <summary>As the payload of a frame.</summary>
    public byte[] Encode()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Rank);
        writer.Write(Size);
        writer.Write(Run);
        writer.Write(Ring.ToString());
        writer.Write(Place);
        NamedParts.Write(writer, Parts);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>From a payload.</summary>
    /// <exception cref="IOException">It is none of a hello.</exception>
    /// <exception cref="FormatException">It is none of a hello.</exception>
    public static RankHello Decode(byte[] payload)
    {
        using BinaryReader reader = new(new MemoryStream(payload));
        return new RankHello(
            reader.ReadInt32(), reader.ReadInt32(), reader.ReadString(), IPEndPoint.Parse(reader.ReadString()), reader.ReadString(),
            NamedParts.Read(reader));
    }
}
