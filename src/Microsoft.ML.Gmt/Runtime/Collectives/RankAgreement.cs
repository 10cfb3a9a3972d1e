using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
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
        if (Tell(ranks, problem) is { } agreed)
        {
            Refuse(ranks, agreed);
        }
    }

    /// <summary>The problem of the first rank that has one, with the rank's number; null where none has. The same in all.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="here">This rank's problem, or null.</param>
    public static string? FirstProblem(this ICollective ranks, string? here) => Tell(
        ranks, ranks.Gather(Encoding.UTF8.GetBytes(here ?? "")).Select((problem, rank) => (Text: Encoding.UTF8.GetString(problem), rank))
            .Where(problem => problem.Text.Length > 0).Select(problem => $"rank {problem.rank}: {problem.Text}").FirstOrDefault());

    /// <summary>Ends the run of ranks that have agreed on why.</summary>
    /// <exception cref="CollectiveException">Always, with the message.</exception>
    [DoesNotReturn]
    public static void Refuse(this ICollective ranks, string message)
    {
        WaitForAll(ranks);
        throw new CollectiveException(message);
    }

    /// <summary>Gives all ranks rank 0's text, or null.</summary>
    private static string? Tell(ICollective ranks, string? text) =>
        Encoding.UTF8.GetString(ranks.Broadcast(Encoding.UTF8.GetBytes(text ?? ""))) is { Length: > 0 } told ? told : null;

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
