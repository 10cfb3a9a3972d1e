namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>What comes of holding rows true whose score is at least a threshold, as a point of a ROC curve.</summary>
/// <param name="Threshold">The threshold; infinite where nothing is held true.</param>
/// <param name="FalsePositiveRate">The share of false rows that are held true.</param>
/// <param name="TruePositiveRate">The share of true rows that are held true.</param>
public readonly record struct RocPoint(double Threshold, double FalsePositiveRate, double TruePositiveRate);

/// <summary>What comes of holding rows true whose score is at least a threshold, as a point of a precision–recall curve.</summary>
/// <param name="Threshold">The threshold.</param>
/// <param name="Recall">The share of true rows that are held true.</param>
/// <param name="Precision">The share of the rows held true that are true.</param>
public readonly record struct PrecisionRecallPoint(double Threshold, double Recall, double Precision);

/// <summary>How well scores tell true rows from false ones at every threshold: the ROC curve and the precision–recall curve.</summary>
/// <remarks>Rows of one score are held true together, so ties count as they do in <see cref="AreaUnderRocCurve"/>.</remarks>
public sealed record ScoreCurves
{
    private ScoreCurves()
    {
    }

    /// <summary>
    /// The ROC curve from (0, 0) to (1, 1), straight between its points; points on a straight line between others are left out. Empty where
    /// rows of one label are missing.
    /// </summary>
    public required IReadOnlyList<RocPoint> Roc { get; init; }

    /// <summary>
    /// The precision–recall curve by rising recall, a step function: a point's precision holds from the recall before it. Thresholds
    /// that only add false rows are left out. Empty where no row is true.
    /// </summary>
    public required IReadOnlyList<PrecisionRecallPoint> PrecisionRecall { get; init; }

    /// <summary>The probability that a true row scores above a false one, a tie counting half; NaN where one label is missing.</summary>
    public required double AreaUnderRocCurve { get; init; }

    /// <summary>The area under the precision–recall steps, Σ (recall − recall before) · precision; NaN where no row is true.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>How many rows with a score are true.</summary>
    public required int Positives { get; init; }

    /// <summary>How many rows with a score are false.</summary>
    public required int Negatives { get; init; }

    /// <summary>How many rows had no score (NaN), as rows with unknown names; nothing else counts them.</summary>
    public required int RowsWithoutScore { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Positives} true and {Negatives} false rows: AUC {AreaUnderRocCurve:f4}, average precision {AveragePrecision:f4}; ")
        + FormattableString.Invariant($"{RowsWithoutScore} without a score");

    /// <summary>Computes the curves.</summary>
    /// <param name="rows">Score, higher for what is likelier true, and label of each row; in any order. NaN for no score.</param>
    public static ScoreCurves Of(IEnumerable<(double Score, bool Label)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        (double Score, bool Label)[] all = [.. rows], scored = [.. all.Where(row => !double.IsNaN(row.Score))];
        (double Threshold, int True, int False)[] counts = Counts(scored);
        (int positives, int negatives) = (counts[^1].True, counts[^1].False);
        PrecisionRecallPoint[] steps = positives == 0 ? [] :
        [
            .. counts.Zip(counts.Skip(1)).Where(pair => pair.Second.True > pair.First.True).Select(pair => pair.Second).Select(count =>
                new PrecisionRecallPoint(
                    count.Threshold, (double)count.True / positives, (double)count.True / (count.True + count.False))),
        ];
        return new ScoreCurves
        {
            Roc = positives == 0 || negatives == 0 ? [] :
            [
                .. Corners(counts).Select(count =>
                    new RocPoint(count.Threshold, (double)count.False / negatives, (double)count.True / positives)),
            ],
            PrecisionRecall = steps,
            AreaUnderRocCurve = AreaUnderCurve.Of(scored),
            AveragePrecision = positives == 0
                ? double.NaN
                : steps.Select((step, i) => (step.Recall - (i == 0 ? 0 : steps[i - 1].Recall)) * step.Precision).Sum(),
            Positives = positives,
            Negatives = negatives,
            RowsWithoutScore = all.Length - scored.Length,
        };
    }

    /// <summary>How many rows of each label score at least a threshold: first none, then by falling threshold.</summary>
    private static (double Threshold, int True, int False)[] Counts((double Score, bool Label)[] rows)
    {
        (int isTrue, int isFalse) = (0, 0);
        List<(double Threshold, int True, int False)> counts = [(double.PositiveInfinity, 0, 0)];
        foreach (IGrouping<double, bool> tied in rows.GroupBy(row => row.Score, row => row.Label).OrderByDescending(group => group.Key))
        {
            int labeledTrue = tied.Count(label => label);
            (isTrue, isFalse) = (isTrue + labeledTrue, isFalse + tied.Count() - labeledTrue);
            counts.Add((tied.Key, isTrue, isFalse));
        }

        return [.. counts];
    }

    /// <summary>Those between which the line changes its direction, with both ends.</summary>
    private static IEnumerable<(double Threshold, int True, int False)> Corners((double Threshold, int True, int False)[] counts) =>
        counts.Where((count, i) => i == 0 || i == counts.Length - 1
            || (long)(count.True - counts[i - 1].True) * (counts[i + 1].False - count.False)
            != (long)(counts[i + 1].True - count.True) * (count.False - counts[i - 1].False));
}
