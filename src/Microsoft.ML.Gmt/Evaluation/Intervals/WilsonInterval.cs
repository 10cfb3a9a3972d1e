namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>
/// The score interval of a proportion of independent rows (Wilson 1927, J. Am. Stat. Assoc. 22, 209–212), which stays within [0, 1] and
/// holds what it says for few rows and for proportions near 0 and 1 (Brown, Cai and DasGupta 2001, Statistical Science 16, 101–133).
/// </summary>
internal static class WilsonInterval
{
    // The normal distribution's quantile for 95 %, two-sided.
    private const double Z = 1.959963984540054;

    /// <summary>The interval of 95 %; null where there is no row.</summary>
    /// <param name="hits">Rows that count.</param>
    /// <param name="rows">All rows.</param>
    public static ConfidenceInterval? Of(long hits, long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, rows);
        if (rows == 0)
        {
            return null;
        }

        double share = (double)hits / rows, square = Z * Z / rows;
        double middle = (share + (square / 2)) / (1 + square);
        double half = Z / (1 + square) * Math.Sqrt(((share * (1 - share)) + (square / 4)) / rows);

        // At the ends the interval begins where the share is, but for rounding.
        return new ConfidenceInterval(hits == 0 ? 0 : middle - half, hits == rows ? 1 : middle + half);
    }
}
