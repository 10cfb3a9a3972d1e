namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>
/// Learn-then-Test with fixed-sequence testing (Angelopoulos, Bates, Candès, Jordan and Lei, arXiv 2110.01052): thresholds from the
/// strictest to the loosest, each tested exactly at the full significance, until the first that fails.
/// </summary>
/// <remarks>
/// The order is fixed before the rows are seen, so the first threshold whose share of errors is too large is passed with a probability of
/// at most the significance, whatever came before. Thresholds that accept fewer rows than <see cref="FewestRows"/> are passed over: their
/// test could not succeed, or hardly. Counts alone decide that, no label does; the significance then holds exactly where more accepted rows
/// never mean a smaller share of errors, and with a single threshold always.
/// </remarks>
internal static class FixedSequence
{
    private const int Steps = 200;
    private const double StepWidth = 0.05;

    // What the first test allows where there are rows enough: with none, one mistake among the most certain rows would end the search.
    private const int ErrorsAtFirst = 2;
    private const int FirstShare = 10;

    /// <summary>
    /// The thresholds where none are given: certainties whose log-odds are 10, 9.95, … 0.05, 0, that is from 0.99995 to 0.5.
    /// </summary>
    public static IReadOnlyList<double> Thresholds { get; } =
        [.. Enumerable.Range(0, Steps + 1).Select(i => 1 / (1 + Math.Exp(-StepWidth * (Steps - i))))];

    /// <summary>
    /// How many rows the first threshold that is tested must accept: as many as allow for two errors, and a tenth of all; or, where the
    /// rows are not twice as many, as many as are needed without any error.
    /// </summary>
    public static int FewestRows(int rows, double maximumErrorRate, double significance)
    {
        int forSome = BinomialTest.TrialsNeeded(ErrorsAtFirst, maximumErrorRate, significance);
        return rows / 2 >= forSome
            ? Math.Max(forSome, rows / FirstShare)
            : BinomialTest.TrialsNeeded(0, maximumErrorRate, significance);
    }

    /// <summary>The thresholds that were tested, in their order; all but the last have passed.</summary>
    /// <param name="verdicts">Verdicts with a certainty.</param>
    /// <param name="thresholds">From the strictest to the loosest, none twice.</param>
    /// <param name="fewest">How many rows the first threshold that is tested must accept.</param>
    /// <param name="maximumErrorRate">The largest share of errors among accepted rows.</param>
    /// <param name="significance">The probability with which it may be exceeded.</param>
    public static IReadOnlyList<AcceptanceStep> Test(
        IReadOnlyList<CheckedVerdict> verdicts, IReadOnlyList<double> thresholds, int fewest, double maximumErrorRate, double significance)
    {
        (int[] rows, int[] errors) = Count(verdicts, thresholds);
        int accepted = 0, wrong = 0;
        List<AcceptanceStep> steps = [];
        for (int i = 0; i < thresholds.Count && steps is [] or [.., { Passed: true }]; i++)
        {
            (accepted, wrong) = (accepted + rows[i], wrong + errors[i]);
            if (accepted >= fewest)
            {
                double p = BinomialTest.PValue(wrong, accepted, maximumErrorRate);
                steps.Add(new AcceptanceStep(thresholds[i], accepted, wrong, p, p <= significance));
            }
        }

        return steps;
    }

    /// <summary>How many rows, and how many wrong ones, each threshold accepts that the one before it does not.</summary>
    private static (int[] Rows, int[] Errors) Count(IReadOnlyList<CheckedVerdict> verdicts, IReadOnlyList<double> thresholds)
    {
        double[] ascending = [.. thresholds.Reverse()];
        int[] rows = new int[ascending.Length], errors = new int[ascending.Length];
        foreach (CheckedVerdict verdict in verdicts)
        {
            int found = Array.BinarySearch(ascending, verdict.Certainty);
            int below = found >= 0 ? found : ~found - 1; // the strictest threshold that accepts the row
            if (below >= 0)
            {
                rows[^(below + 1)]++;
                errors[^(below + 1)] += verdict.IsError ? 1 : 0;
            }
        }

        return (rows, errors);
    }
}
