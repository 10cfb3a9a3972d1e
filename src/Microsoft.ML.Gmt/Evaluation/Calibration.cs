namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>How far probabilities are what they say.</summary>
public static class Calibration
{
    /// <summary>
    /// Expected calibration error: the gap between mean probability and share of true statements, averaged over bins of equal width by
    /// their sizes (Naeini et al. 2015). 0 at best; NaN without statements.
    /// </summary>
    /// <param name="statements">Probability that a statement is true, in [0, 1], and whether it is.</param>
    /// <param name="bins">Number of bins; 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">A probability is outside [0, 1], or there is no bin.</exception>
    public static double ExpectedError(IEnumerable<(double Probability, bool Label)> statements, int bins = 10)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        var sums = new (int Count, double Probability, int True)[bins];
        int all = 0;
        foreach ((double probability, bool label) in statements)
        {
            if (!(probability is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(statements), probability, "A probability must be between 0 and 1.");
            }

            ref (int Count, double Probability, int True) bin = ref sums[Math.Min((int)(probability * bins), bins - 1)];
            bin = (bin.Count + 1, bin.Probability + probability, bin.True + (label ? 1 : 0));
            all++;
        }

        return sums.Sum(bin => Math.Abs(bin.Probability - bin.True)) / all;
    }
}
