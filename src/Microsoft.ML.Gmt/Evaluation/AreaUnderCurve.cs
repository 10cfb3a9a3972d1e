namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>The area under the ROC curve.</summary>
internal static class AreaUnderCurve
{
    /// <summary>
    /// The probability that a true row scores above a false one, a tie counting half (the Mann-Whitney statistic over the number of pairs).
    /// </summary>
    /// <param name="rows">Score and label of each row.</param>
    /// <returns>From 0 to 1; NaN where rows of one kind are missing.</returns>
    public static double Of(IEnumerable<(double Score, bool Label)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        (long trueBelow, long falseBelow) = (0, 0);
        double pairs = 0;
        foreach (IGrouping<double, bool> tied in rows.GroupBy(row => row.Score, row => row.Label).OrderBy(group => group.Key))
        {
            long isTrue = tied.LongCount(label => label), isFalse = tied.LongCount() - isTrue;
            pairs += isTrue * (falseBelow + (isFalse / 2.0));
            (trueBelow, falseBelow) = (trueBelow + isTrue, falseBelow + isFalse);
        }

        return pairs / ((double)trueBelow * falseBelow);
    }
}
