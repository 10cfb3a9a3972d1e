using System.Buffers.Binary;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Brings ranks together before a sum by an engine that compares neither calls nor lengths.</summary>
internal static class SumCheck
{
    /// <summary>Waits until all ranks are about to sum.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="count">How many values this rank sums.</param>
    /// <param name="call">Its call.</param>
    /// <exception cref="IOException">A rank sums as many as others do not; in rank 0, by whom the others hear of it.</exception>
    public static void CheckSum(this ICollective ranks, int count, long call)
    {
        byte[] head = [.. "sum "u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(4), call);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), count);
        IReadOnlyList<byte[]> heads = ranks.Gather(head);
        for (int rank = 1; rank < heads.Count; rank++)
        {
            if (!heads[rank].AsSpan().SequenceEqual(head))
            {
                string other = heads[rank].Length == head.Length && heads[rank].AsSpan().StartsWith("sum "u8)
                    ? $"one of {BinaryPrimitives.ReadInt32LittleEndian(heads[rank].AsSpan(12)):n0} values" : "another call";
                throw new IOException($"call {call} is an all-reduce of {count:n0} values in rank 0, and {other} in rank {rank}");
            }
        }

        ranks.Broadcast([]);
    }
}
