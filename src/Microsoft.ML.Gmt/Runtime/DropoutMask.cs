using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Fills dropout masks many times faster than a sequential generator: each element's bits are a hash of its place and of a key, so elements are
/// computed sixteen at a time and on all cores, with one result at any number of threads.
/// </summary>
internal static class DropoutMask
{
    /// <summary>Elements that share a key; a multiple of the vector's width.</summary>
    private const int Block = 1 << 14;

    /// <summary>Writes 0 with the given probability, else <paramref name="scale"/>.</summary>
    /// <param name="mask">The first element.</param>
    /// <param name="count">How many elements there are.</param>
    /// <param name="probability">In [0, 1), exact to 2⁻³².</param>
    /// <param name="scale">The value of what is kept.</param>
    /// <param name="seed">Decides the mask.</param>
    public static unsafe void Fill(float* mask, long count, double probability, float scale, ulong seed)
    {
        nint start = (nint)mask;
        uint threshold = (uint)Math.Min(Math.Round(probability * (1UL << 32)), uint.MaxValue);
        Parallel.For(0, (count + Block - 1) / Block, block =>
        {
            long first = block * Block;
            FillBlock(new Span<float>((float*)start + first, (int)Math.Min(Block, count - first)), threshold, scale, CounterRandom.Combine(seed, (ulong)block));
        });
    }

    private static void FillBlock(Span<float> mask, uint threshold, float scale, ulong key)
    {
        (uint low, uint high) = ((uint)key, (uint)(key >> 32));
        int i = 0;
        Vector512<uint> places = Vector512<uint>.Indices;
        for (; i <= mask.Length - Vector512<uint>.Count; i += Vector512<uint>.Count)
        {
            Vector512<uint> kept = Vector512.GreaterThanOrEqual(Hash(places, low, high), Vector512.Create(threshold));
            Vector512.ConditionalSelect(kept.AsSingle(), Vector512.Create(scale), Vector512<float>.Zero).StoreUnsafe(ref mask[i]);
            places += Vector512.Create((uint)Vector512<uint>.Count);
        }

        for (; i < mask.Length; i++)
        {
            mask[i] = Hash(Vector512.Create((uint)i), low, high)[0] >= threshold ? scale : 0;
        }
    }

    /// <summary>Two rounds of a 32-bit mixer (Wellons 2018, "lowbias32"), keyed before each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Hash(Vector512<uint> places, uint low, uint high) =>
        Mix(Mix(places + Vector512.Create(low)) ^ Vector512.Create(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Mix(Vector512<uint> x)
    {
        x ^= x >>> 16;
        x *= Vector512.Create(0x7FEB352Du);
        x ^= x >>> 15;
        x *= Vector512.Create(0x846CA68Bu);
        return x ^ (x >>> 16);
    }
}
