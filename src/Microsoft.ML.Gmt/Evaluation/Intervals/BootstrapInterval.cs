namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>
/// The percentile interval of any figure, by drawing as many rows as there are, with replacement, again and again (Efron 1979, Annals of
/// Statistics 7, 1–26; Efron and Tibshirani 1993, An Introduction to the Bootstrap, 13.3).
/// </summary>
internal static class BootstrapInterval
{
    /// <summary>How often rows are drawn.</summary>
    public const int Resamples = 1000;

    private const double Tail = 0.025;

    /// <summary>
    /// The interval of 95 %; null where there is no row, or the figure of most draws is NaN. Other draws whose figure is NaN, such as an
    /// area without a row of one label, are left out.
    /// </summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="figure">The figure of some rows, given by their numbers; a row may be drawn several times.</param>
    /// <param name="draw">A number from 0 to below its argument, all equally likely.</param>
    public static ConfidenceInterval? Of(int rows, Func<int[], double> figure, Func<int, int> draw)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentNullException.ThrowIfNull(draw);
        if (rows == 0)
        {
            return null;
        }

        int[] drawn = new int[rows];
        List<double> figures = [];
        for (int resample = 0; resample < Resamples; resample++)
        {
            for (int i = 0; i < rows; i++)
            {
                drawn[i] = draw(rows);
            }

            if (figure(drawn) is var value && !double.IsNaN(value))
            {
                figures.Add(value);
            }
        }

        if (figures.Count <= Resamples / 2)
        {
            return null;
        }

        figures.Sort();
        return new ConfidenceInterval(Quantile(figures, Tail), Quantile(figures, 1 - Tail));
    }

    // Between the two values beside it, in proportion.
    private static double Quantile(List<double> sorted, double share)
    {
        double place = share * (sorted.Count - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
