namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>How far probabilities are what they say.</summary>
public static class Calibration
{
    internal const int DefaultBins = 10;

    private const int MostBins = 1_000_000;

    /// <summary>
    /// Expected calibration error: the gap between mean probability and share of true statements, averaged over bins of equal width by
    /// their sizes (Naeini et al. 2015). 0 at best; NaN without statements.
    /// </summary>
    /// <param name="statements">Probability that a statement is true, in [0, 1], and whether it is.</param>
    /// <param name="bins">Number of bins; 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">A probability is outside [0, 1], or there is no bin.</exception>
    public static double ExpectedError(IEnumerable<(double Probability, bool Label)> statements, int bins = DefaultBins) =>
        ErrorOf(Sums(statements, bins));

    /// <summary>The same with its bins; statements whose probability is NaN are left out and counted.</summary>
    internal static CalibrationMetrics Of(IEnumerable<(double Probability, bool Label)> statements, int bins = DefaultBins)
    {
        int without = 0;
        (int Count, double Probability, int True)[] sums = Sums(statements.Where(HasProbability), bins);
        return new CalibrationMetrics(
            ErrorOf(sums),
            [.. sums.Select(bin => new CalibrationBin(bin.Count, bin.Probability / bin.Count, (double)bin.True / bin.Count))],
            without);

        bool HasProbability((double Probability, bool Label) statement)
        {
            without += double.IsNaN(statement.Probability) ? 1 : 0;
            return !double.IsNaN(statement.Probability);
        }
    }

    private static double ErrorOf((int Count, double Probability, int True)[] sums) =>
        sums.Sum(bin => Math.Abs(bin.Probability - bin.True)) / sums.Sum(bin => bin.Count);

    private static (int Count, double Probability, int True)[] Sums(IEnumerable<(double Probability, bool Label)> statements, int bins)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, MostBins);
        var sums = new (int Count, double Probability, int True)[bins];
        foreach ((double probability, bool label) in statements)
        {
            if (!(probability is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(statements), probability, "A probability must be between 0 and 1.");
            }

            ref (int Count, double Probability, int True) bin = ref sums[Math.Min((int)(probability * bins), bins - 1)];
            bin = (bin.Count + 1, bin.Probability + probability, bin.True + (label ? 1 : 0));
        }

        return sums;
    }
}
