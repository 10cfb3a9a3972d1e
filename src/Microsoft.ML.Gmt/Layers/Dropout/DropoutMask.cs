using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// Dropout masks many times faster than from a sequential generator: each element's bits are a hash of its place and of a key, so elements
/// are computed sixteen at a time and on all cores, with one result at any number of threads.
/// </summary>
internal static class DropoutMask
{
    /// <summary>Elements that share a key; a multiple of the vector's width.</summary>
    public const int BlockSize = 1 << 14;

    /// <summary>Writes 0 with the given probability, else 1 / (1 − probability).</summary>
    /// <param name="mask">The first element.</param>
    /// <param name="count">How many elements there are.</param>
    /// <param name="probability">In [0, 1), exact to 2⁻³².</param>
    /// <param name="seed">Decides the mask.</param>
    public static unsafe void Fill(float* mask, long count, double probability, ulong seed)
    {
        nint start = (nint)mask;
        Parallel.For(0, (count + BlockSize - 1) / BlockSize, block =>
        {
            long first = block * BlockSize;
            var target = new Span<float>((float*)start + first, (int)Math.Min(BlockSize, count - first));
            FillBlock(target, new DropoutBlock(probability, seed, block));
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillBlock(Span<float> mask, DropoutBlock block)
    {
        int i = 0;
        for (; i <= mask.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            block.Weights(i).StoreUnsafe(ref mask[i]);
        }

        if (i < mask.Length)
        {
            Span<float> rest = stackalloc float[Vector512<float>.Count];
            block.Weights(i).CopyTo(rest);
            rest[..(mask.Length - i)].CopyTo(mask[i..]);
        }
    }
}

/// <summary>The mask of a block of <see cref="DropoutMask.BlockSize"/> elements, computed wherever it is wanted instead of
/// stored.</summary>
internal readonly struct DropoutBlock
{
    private readonly Vector512<uint> _low;
    private readonly Vector512<uint> _high;
    private readonly Vector512<uint> _threshold;
    private readonly Vector512<float> _scale;

    /// <param name="probability">In [0, 1).</param>
    /// <param name="seed">The mask's seed.</param>
    /// <param name="block">The block's number.</param>
    public DropoutBlock(double probability, ulong seed, long block)
    {
        ulong key = CounterRandom.Combine(seed, (ulong)block);
        _low = Vector512.Create((uint)key) + Vector512<uint>.Indices;
        _high = Vector512.Create((uint)(key >> 32));
        _threshold = Vector512.Create((uint)Math.Min(Math.Round(probability * (1UL << 32)), uint.MaxValue));
        _scale = Vector512.Create((float)(1 / (1 - probability)));
    }

    /// <summary>The weights of sixteen elements from a place of the block: 0 or 1 / (1 − probability).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Weights(int place)
    {
        // A 32-bit mixer (Wellons 2018, "lowbias32").
        Vector512<uint> x = _low + Vector512.Create((uint)place);
        x ^= x >>> 16;
        x *= Vector512.Create(0x7FEB352Du);
        x ^= x >>> 15;
        x *= Vector512.Create(0x846CA68Bu);
        x ^= x >>> 16;
        return Vector512.GreaterThanOrEqual(x + _high, _threshold).AsSingle() & _scale;
    }
}
