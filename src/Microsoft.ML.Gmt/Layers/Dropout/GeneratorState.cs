using System.Buffers.Binary;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// The state of libtorch's random number generator on the CPU, a Mersenne twister. It is checked before libtorch gets it: libtorch ends the
/// process over some states that are wrong, and takes the others as they are.
/// </summary>
/// <remarks>
/// The layout is that of <c>CPUGeneratorImplState</c>: seed (8 bytes), numbers left before the next twist (4), whether it is seeded (4),
/// place of the next number (8), 624 numbers (8 each), cached normal numbers and their flags (64).
/// </remarks>
internal static class GeneratorState
{
    private const int Numbers = 624, LeftAt = 8, SeededAt = 12, NextAt = 16, Length = 24 + (8 * Numbers) + 40;

    /// <summary>Whether bytes are a state that the generator can be in.</summary>
    public static bool IsValid(ReadOnlySpan<byte> state)
    {
        if (state.Length != Length)
        {
            return false;
        }

        int left = BinaryPrimitives.ReadInt32LittleEndian(state[LeftAt..]);
        int seeded = BinaryPrimitives.ReadInt32LittleEndian(state[SeededAt..]);
        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(state[NextAt..]);

        // Before the first number everything is left to the first twist; after it, the numbers left are those from the next one on.
        return seeded == 1 && ((left == 1 && next == 0) || (left is >= 1 and <= Numbers && (ulong)left + next == Numbers + 1));
    }
}
