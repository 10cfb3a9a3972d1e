using System.Numerics;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// A random stream that is a pure function of its seed and a counter (SplitMix64, Steele et al. 2014): give each row of work its own seed
/// and the numbers are the same on any number of threads.
/// </summary>
/// <param name="seed">The stream's seed; <see cref="RandomStreams.Seed"/> makes one from a purpose and a position.</param>
internal struct CounterRandom(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state = seed;

    /// <summary>The next 64 uniform bits.</summary>
    public ulong NextUInt64() => Mix(_state += Golden);

    /// <summary>A uniform integer in [0, <paramref name="exclusiveMaximum"/>), without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive.</exception>
    public int Next(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        ulong bound = (ulong)exclusiveMaximum;
        ulong high = Math.BigMul(NextUInt64(), bound, out ulong low);
        if (low < bound)
        {
            for (ulong threshold = (0 - bound) % bound; low < threshold;)
            {
                high = Math.BigMul(NextUInt64(), bound, out low);
            }
        }

        return (int)high;
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts the items in uniformly random order (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    internal static ulong Combine(ulong state, ulong value) => Mix(BitOperations.RotateLeft(state, 23) + Golden + value);
}
