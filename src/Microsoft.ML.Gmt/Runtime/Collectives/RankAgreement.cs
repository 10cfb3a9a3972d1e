using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>What all ranks decide alike.</summary>
internal static class RankAgreement
{
    /// <summary>Whether any rank says yes; the same in all.</summary>
    public static bool Any(this ICollective ranks, bool here)
    {
        if (ranks.Size == 1)
        {
            return here;
        }

        IReadOnlyList<byte[]> all = ranks.Gather([(byte)(here ? 1 : 0)]);
        return ranks.Broadcast([(byte)(all.Any(one => one is [1]) ? 1 : 0)]) is [1];
    }

    /// <summary>Rank 0's decision; null where it gives none.</summary>
    public static double? FromFirst(this ICollective ranks, double? value)
    {
        if (ranks.Size == 1)
        {
            return value;
        }

        byte[] bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value ?? 0);
        byte[] first = ranks.Broadcast(value is null ? [] : bytes);
        return first.Length == 0 ? null : BinaryPrimitives.ReadDoubleLittleEndian(first);
    }

    /// <summary>Refuses ranks that would not compute the same.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="parts">What must be equal: names for messages, and values.</param>
    /// <exception cref="CollectiveException">A rank differs from rank 0; thrown in all, and the message says in what.</exception>
    public static void Check(this ICollective ranks, IReadOnlyList<(string Name, string Value)> parts)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        NamedParts.Write(writer, parts);
        writer.Flush();
        string? problem = ranks.Gather(stream.ToArray()).Select((bytes, rank) =>
        {
            using BinaryReader reader = new(new MemoryStream(bytes));
            return NamedParts.Difference(rank, parts, NamedParts.Read(reader));
        }).FirstOrDefault(difference => difference is not null);
        string agreed = Encoding.UTF8.GetString(ranks.Broadcast(Encoding.UTF8.GetBytes(problem ?? "")));
        if (agreed.Length > 0)
        {
            WaitForAll(ranks);
            throw new CollectiveException(agreed);
        }
    }

    /// <summary>Nobody leaves before all know the reason.</summary>
    private static void WaitForAll(ICollective ranks)
    {
        try
        {
            ranks.Barrier();
        }
        catch (CollectiveException)
        {
            // One has left, and all know.
        }
    }
}
