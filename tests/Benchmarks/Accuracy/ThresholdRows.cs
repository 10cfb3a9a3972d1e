namespace Benchmarks.Accuracy;

/// <summary>One score with a threshold for each relation; which score is chosen by cross-validation on validation rows.</summary>
internal static class ThresholdRows
{
    private static readonly string[] _kinds = ["Logit", "LogSoftmax", "FilteredLogSoftmax", "Gap"];

    /// <param name="rows">The labeled triples.</param>
    /// <param name="folder">Where rows are kept.</param>
    /// <param name="name">The row's name.</param>
    /// <param name="seed">Of the columns and folds.</param>
    /// <param name="scorers">Columns of scorers, twelve each, whose scores are averaged.</param>
    public static KeptRow OfScorers(LabeledRows rows, string folder, string name, int seed, IReadOnlyList<FeatureMatrix> scorers) => Get(
        rows, folder, name, seed, [.. _kinds.Select(kind => (kind, Scores.Mean([.. scorers.Select(scorer => Both(scorer, kind))])))]);

    /// <inheritdoc cref="OfScorers"/>
    public static KeptRow Get(
        LabeledRows rows, string folder, string name, int seed, IReadOnlyList<(string What, float[] Scores)> candidates) =>
        KeptRow.Get(folder, name, seed, () =>
        {
            bool[] labels = rows.Labels[..rows.ValidationCount];
            (string what, float[] scores, float[] outOfFold) = candidates.Select(candidate =>
            {
                float[] kept = CrossValidation.OutOfFold(
                    rows, seed, (learned, judged) => Scores.AboveThresholds(rows, candidate.Scores, learned, judged));
                Console.Error.WriteLine($"{name}\t{candidate.What}\t{Scores.Accuracy(kept, labels):f2}");
                return (candidate.What, candidate.Scores, Kept: kept);
            }).MaxBy(candidate => Scores.Accuracy(candidate.Kept, labels));
            return new KeptRow(
                name, seed, what, 0, outOfFold, Scores.AboveThresholds(rows, scores, rows.Validation, rows.Test));
        });

    /// <summary>The mean of a slot of either side.</summary>
    private static float[] Both(FeatureMatrix scorer, string kind) => Scores.Mean(
    [
        .. scorer.Slots.Where(slot => slot.EndsWith($".Tail.{kind}", StringComparison.Ordinal)
            || slot.EndsWith($".Head.{kind}", StringComparison.Ordinal)).Select(scorer.Column),
    ]);
}
