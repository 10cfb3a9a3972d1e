namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>A bin of a histogram of ranks, whose bounds grow as 1, 2, 3, 5, 10, 20, 50, 100, 200, … so that few bins hold all.</summary>
/// <param name="Above">The bound of the bin before: ranks are above it. 0 for the first.</param>
/// <param name="UpTo">Ranks are at most this. A rank of 2.5, as ties give, is in the bin up to 3: it is a hit at 3 and not at 2.</param>
/// <param name="Count">How many ranks it holds.</param>
public readonly record struct RankBin(int Above, int UpTo, int Count)
{
    private static readonly int[] Bounds = [.. MakeBounds()];

    /// <summary>Counts ranks.</summary>
    /// <param name="sorted">The ranks, each at least 1, in rising order.</param>
    /// <returns>The bins up to that of the largest rank, empty ones included; none without ranks.</returns>
    internal static IReadOnlyList<RankBin> Of(ReadOnlySpan<double> sorted)
    {
        List<RankBin> bins = [];
        (int above, int counted) = (0, 0);
        foreach (int upTo in Bounds)
        {
            if (counted == sorted.Length)
            {
                break;
            }

            int before = counted;
            while (counted < sorted.Length && sorted[counted] <= upTo)
            {
                counted++;
            }

            bins.Add(new RankBin(above, upTo, counted - before));
            above = upTo;
        }

        return bins;
    }

    private static IEnumerable<int> MakeBounds()
    {
        yield return 1;
        yield return 2;
        yield return 3;
        for (int ten = 1; ten <= 100_000_000; ten *= 10)
        {
            yield return 5 * ten;
            yield return 10 * ten;
            yield return 20 * ten;
        }

        yield return int.MaxValue;
    }
}
