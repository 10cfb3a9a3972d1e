using System.Numerics;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>
/// The numbers of <c>numpy.random.default_rng(seed)</c>: the generator PCG64 (O'Neill 2014, XSL-RR 128/64), seeded through NumPy's
/// SeedSequence (after O'Neill's seed_seq_fe). Only what scripts of the reference draw with it.
/// </summary>
internal sealed class NumpyRandom
{
    private const int PoolSize = 4;

    private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

    private readonly UInt128 _increment;
    private UInt128 _state;
    private uint? _half;

    /// <param name="seed">The seed, one word of 32 bits.</param>
    public NumpyRandom(uint seed)
    {
        ulong[] words = SeedWords(seed);
        _increment = (new UInt128(words[2], words[3]) << 1) | 1;
        Advance();
        _state += new UInt128(words[0], words[1]);
        Advance();
    }

    /// <summary>The numbers from 0 to below <paramref name="count"/> in random order, as <c>permutation(count)</c> gives them.</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = NextUpTo(i);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        Advance();
        return BitOperations.RotateRight((ulong)(_state >> 64) ^ (ulong)_state, (int)(_state >> 122));
    }

    // Bits enough for the largest number; what is above it is drawn anew.
    private int NextUpTo(int largest)
    {
        uint mask = uint.MaxValue >> BitOperations.LeadingZeroCount((uint)largest), value;
        do
        {
            value = NextUInt32() & mask;
        }
        while (value > largest);
        return (int)value;
    }

    // The low half of 64 bits first, the high one is kept for the next call.
    private uint NextUInt32()
    {
        if (_half is { } kept)
        {
            _half = null;
            return kept;
        }

        ulong bits = NextUInt64();
        _half = (uint)(bits >> 32);
        return (uint)bits;
    }

    private void Advance() => _state = (_state * Multiplier) + _increment;

    private static ulong[] SeedWords(uint seed)
    {
        uint[] pool = new uint[PoolSize];
        uint constant = 0x43B0D7E5;
        uint Hash(uint value, uint multiplier)
        {
            value ^= constant;
            constant *= multiplier;
            value *= constant;
            return value ^ (value >> 16);
        }

        for (int i = 0; i < PoolSize; i++)
        {
            pool[i] = Hash(i == 0 ? seed : 0, 0x931E8875);
        }

        for (int from = 0; from < PoolSize; from++)
        {
            for (int to = 0; to < PoolSize; to++)
            {
                if (from != to)
                {
                    uint mixed = (0xCA01F9DD * pool[to]) - (0x4973F715 * Hash(pool[from], 0x931E8875));
                    pool[to] = mixed ^ (mixed >> 16);
                }
            }
        }

        constant = 0x8B51F9DD;
        uint[] halves = [.. Enumerable.Range(0, 2 * PoolSize).Select(i => Hash(pool[i % PoolSize], 0x58F38DED))];
        return [.. halves.Chunk(2).Select(pair => pair[0] | ((ulong)pair[1] << 32))];
    }
}
