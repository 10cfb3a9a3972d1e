using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Looks for numbers that are not finite: NaN and both infinities have an exponent of ones, so a comparison of bits finds them.
/// </summary>
internal static class FiniteNumbers
{
    /// <summary>What is said of weights that are not finite, after what they are.</summary>
    public const string Remedy =
        "Such weights come from a diverged training run or a damaged file; take another file, or train again with a lower learning rate.";

    /// <summary>Whether all numbers are finite.</summary>
    public static bool Are(ReadOnlySpan<float> numbers) => !HasExponent(MemoryMarshal.Cast<float, uint>(numbers), 0x7F800000u);

    /// <summary>Whether all numbers are finite.</summary>
    public static bool Are(ReadOnlySpan<double> numbers) => !HasExponent(MemoryMarshal.Cast<double, ulong>(numbers), 0x7FF0000000000000ul);

    /// <summary>Whether an element has all bits of the mask.</summary>
    /// <param name="bits">The numbers' bits.</param>
    /// <param name="mask">The exponent's bits.</param>
    public static bool HasExponent<T>(ReadOnlySpan<T> bits, T mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated && Vector<T>.IsSupported)
        {
            var wanted = new Vector<T>(mask);
            for (; i <= bits.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                if (Vector.EqualsAny(new Vector<T>(bits[i..]) & wanted, wanted))
                {
                    return true;
                }
            }
        }

        for (; i < bits.Length; i++)
        {
            if ((bits[i] & mask) == mask)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Refuses scores that are not finite, before they become a verdict or a rank.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="what">Says whose score one is, from its place, such as <c>the score of (a, r, b)</c>.</param>
    /// <exception cref="NotFiniteNumberException">One is not finite; the message says which.</exception>
    public static void CheckScores(ReadOnlySpan<float> scores, Func<int, string> what)
    {
        if (Are(scores))
        {
            return;
        }

        for (int i = 0; i < scores.Length; i++)
        {
            if (!float.IsFinite(scores[i]))
            {
                throw NotFinite(what(i), scores[i]);
            }
        }
    }

    /// <summary>The exception for a score that is not finite.</summary>
    /// <param name="what">Whose score it is.</param>
    /// <param name="score">The score.</param>
    public static NotFiniteNumberException NotFinite(string what, double score) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{what} is {score}, which says nothing. The model's weights are ruined or far too large; train it again with a "
            + $"lower learning rate."),
        score);
}
