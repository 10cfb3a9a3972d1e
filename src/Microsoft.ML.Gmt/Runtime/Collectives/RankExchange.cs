using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Puts together what ranks have made of their shares.</summary>
internal static class RankExchange
{
    /// <summary>Gives all ranks the values of all: those of rank 0, then those of rank 1 …</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="own">This rank's values, of any number.</param>
    public static T[] Join<T>(this ICollective ranks, T[] own)
        where T : unmanaged
    {
        if (ranks.Size == 1)
        {
            return own;
        }

        byte[] all = ranks.Broadcast(ranks.Gather(MemoryMarshal.AsBytes(own.AsSpan())).SelectMany(part => part).ToArray());
        return MemoryMarshal.Cast<byte, T>(all).ToArray();
    }
}
