using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>How many scores are above a score, and how many are equal to it.</summary>
internal static class ScoreCounts
{
    /// <summary>Counts several scores a step; nothing is allocated.</summary>
    /// <param name="scores">Scores that are numbers.</param>
    /// <param name="own">The score that they are compared to.</param>
    /// <returns>How many are higher and how many are equal; 0 and −0 are equal.</returns>
    public static (int Higher, int Equal) Of(ReadOnlySpan<float> scores, float own)
    {
        (int higher, int equal, int i) = (0, 0, 0);
        if (Vector.IsHardwareAccelerated)
        {
            var limit = new Vector<float>(own);
            Vector<int> above = Vector<int>.Zero, same = Vector<int>.Zero, above2 = Vector<int>.Zero, same2 = Vector<int>.Zero;
            ref float first = ref MemoryMarshal.GetReference(scores);

            // Two sums of each kind, so that an addition need not wait for the one before. A comparison that holds gives −1.
            for (; i <= scores.Length - (2 * Vector<float>.Count); i += 2 * Vector<float>.Count)
            {
                Vector<float> one = Vector.LoadUnsafe(ref first, (nuint)i);
                Vector<float> two = Vector.LoadUnsafe(ref first, (nuint)(i + Vector<float>.Count));
                above -= Vector.GreaterThan(one, limit);
                same -= Vector.Equals(one, limit);
                above2 -= Vector.GreaterThan(two, limit);
                same2 -= Vector.Equals(two, limit);
            }

            (higher, equal) = (Vector.Sum(above + above2), Vector.Sum(same + same2));
        }

        for (; i < scores.Length; i++)
        {
            higher += scores[i] > own ? 1 : 0;
            equal += scores[i] == own ? 1 : 0;
        }

        return (higher, equal);
    }
}
