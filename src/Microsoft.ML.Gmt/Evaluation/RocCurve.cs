namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>The receiver operating characteristic of scores.</summary>
internal static class RocCurve
{
    /// <summary>
    /// The area under the curve: the probability that a true statement is scored above a false one, a tie counting half (the U of Mann
    /// and Whitney over the number of pairs). 0.5 where nothing is told apart.
    /// </summary>
    /// <param name="statements">Score and label of each.</param>
    /// <returns>NaN where there are not both true and false statements.</returns>
    public static double Area(IEnumerable<(double Score, bool Label)> statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        double trues = 0, falses = 0, won = 0;
        foreach (IGrouping<double, bool> tied in statements.GroupBy(item => item.Score, item => item.Label).OrderBy(group => group.Key))
        {
            double trueHere = tied.Count(label => label), falseHere = tied.Count() - trueHere;
            won += trueHere * (falses + (falseHere / 2));
            (trues, falses) = (trues + trueHere, falses + falseHere);
        }

        return won / (trues * falses);
    }
}
