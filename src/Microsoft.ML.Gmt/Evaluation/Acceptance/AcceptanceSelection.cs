using System.Globalization;

namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>
/// Which verdicts may be accepted so that, with a stated confidence, no more than a stated share of the accepted ones is wrong.
/// </summary>
/// <remarks>
/// A verdict is accepted whose certainty, the probability of what it says, is at least <see cref="Threshold"/>. What is guaranteed: over
/// the drawing of the labeled rows, the probability that a threshold is chosen whose accepted verdicts are wrong more often than
/// <see cref="MaximumErrorRate"/> is at most 1 − <see cref="Confidence"/>, for verdicts on rows that are drawn as the labeled ones were.
/// It holds for all accepted rows together, not for each relation, and not for rows that were chosen otherwise. docs/acceptance.md says
/// more.
/// Made by <see cref="AcceptanceCatalog.SelectAcceptance"/>.
/// </remarks>
public sealed class AcceptanceSelection
{
    private const double LeastErrorRate = 1e-6;
    private const double LeastConfidence = 0.5;
    private const double MostConfidence = 0.999999;

    private readonly AcceptanceStep? _chosen;
    private readonly int _fewest;

    private AcceptanceSelection(
        double maximumErrorRate, double confidence, (int Given, int Without) rows, int fewest, IReadOnlyList<AcceptanceStep> steps)
    {
        (MaximumErrorRate, Confidence, Rows, RowsWithoutVerdict, Steps) = (maximumErrorRate, confidence, rows.Given, rows.Without, steps);
        RowsNeeded = BinomialTest.TrialsNeeded(0, maximumErrorRate, 1 - confidence);
        (_fewest, _chosen) = (fewest, steps.LastOrDefault(step => step.Passed));
    }

    /// <summary>The largest share of wrong verdicts among accepted ones.</summary>
    public double MaximumErrorRate { get; }

    /// <summary>The probability, over the drawing of the labeled rows, with which that share is kept to.</summary>
    public double Confidence { get; }

    /// <summary>The least certainty that is accepted, usually from 0.5 to 1; null where nothing may be accepted.</summary>
    public double? Threshold => _chosen?.Threshold;

    /// <summary>How many labeled rows had a verdict.</summary>
    public int Rows { get; }

    /// <summary>How many labeled rows had none (NaN), as rows with unknown names; they are never accepted.</summary>
    public int RowsWithoutVerdict { get; }

    /// <summary>
    /// The fewest accepted rows that can show anything, if none of them is wrong: 59 for an error rate of 0.05 and a confidence of 0.95.
    /// </summary>
    public int RowsNeeded { get; }

    /// <summary>How many of the labeled rows the threshold accepts.</summary>
    public int Accepted => _chosen?.Accepted ?? 0;

    /// <summary>How many of the accepted labeled rows are wrong.</summary>
    public int Errors => _chosen?.Errors ?? 0;

    /// <summary>
    /// The thresholds that were tested, from the strictest; all have passed but perhaps the last. Stricter ones accept too few rows to be
    /// tested.
    /// </summary>
    public IReadOnlyList<AcceptanceStep> Steps { get; }

    /// <summary>Whether a verdict is accepted; never where nothing may be, or where there is no verdict.</summary>
    /// <param name="probability">That the statement is true; NaN for no verdict.</param>
    /// <param name="predictedLabel">Whether it was held true.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is below 0 or above 1.</exception>
    public bool Accepts(double probability, bool predictedLabel) => probability is < 0 or > 1
        ? throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must be between 0 and 1.")
        : Threshold is { } threshold && CheckedVerdict.CertaintyOf(probability, predictedLabel) >= threshold;

    /// <summary>What was found, in a sentence or two.</summary>
    public override string ToString() => _chosen is { } chosen
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Accepts verdicts of certainty {chosen.Threshold:0.0000} and more: {chosen.Accepted:n0} of {Rows:n0} labeled rows, "
            + $"{chosen.Errors:n0} of them wrong. With confidence {Confidence:0.####} a share of at most {MaximumErrorRate:0.####} of what "
            + $"is accepted is wrong.")
        : Steps is [var failed, ..] ? string.Create(
            CultureInfo.InvariantCulture,
            $"Accepts nothing: of the {failed.Accepted:n0} most certain of {Rows:n0} labeled rows {failed.Errors:n0} are wrong, too many "
            + $"for a share of {MaximumErrorRate:0.####} at confidence {Confidence:0.####}.")
        : Rows < RowsNeeded ? string.Create(
            CultureInfo.InvariantCulture,
            $"Accepts nothing: {RowsNeeded:n0} accepted rows without any error are needed for a share of {MaximumErrorRate:0.####} at "
            + $"confidence {Confidence:0.####}; there are {Rows:n0} labeled rows.")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Accepts nothing: a threshold is tested that accepts {_fewest:n0} rows or more; of {Rows:n0} labeled rows none accepts so "
            + $"many.");

    /// <summary>Chooses the threshold.</summary>
    /// <param name="verdicts">Verdicts on rows that serve for nothing else.</param>
    /// <param name="maximumErrorRate">At least 1e-6 and below 1.</param>
    /// <param name="confidence">At least 0.5 and at most 0.999999.</param>
    /// <param name="thresholds">Certainties to try; null for <see cref="FixedSequence.Thresholds"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate, a probability or a threshold is out of its range.</exception>
    internal static AcceptanceSelection Select(
        IEnumerable<CheckedVerdict> verdicts, double maximumErrorRate, double confidence, IEnumerable<double>? thresholds = null)
    {
        Check(maximumErrorRate, confidence);
        double[] sequence = [.. thresholds?.Distinct().OrderDescending() ?? (IEnumerable<double>)FixedSequence.Thresholds];
        if (sequence.Length == 0 || Array.Exists(sequence, threshold => !(threshold is >= 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(thresholds), string.Join(", ", sequence), "Thresholds are from 0 to 1, one at least.");
        }

        List<CheckedVerdict> given = [];
        int without = 0;
        foreach (CheckedVerdict verdict in verdicts)
        {
            if (double.IsNaN(verdict.Probability))
            {
                without++;
                continue;
            }

            given.Add(verdict.Probability is >= 0 and <= 1 ? verdict : throw new ArgumentOutOfRangeException(
                nameof(verdicts), verdict.Probability, "A probability must be between 0 and 1."));
        }

        double significance = 1 - confidence;
        int fewest = thresholds is null
            ? FixedSequence.FewestRows(given.Count, maximumErrorRate, significance)
            : BinomialTest.TrialsNeeded(0, maximumErrorRate, significance);
        return new AcceptanceSelection(
            maximumErrorRate, confidence, (given.Count, without), fewest,
            FixedSequence.Test(given, sequence, fewest, maximumErrorRate, significance));
    }

    /// <exception cref="ArgumentOutOfRangeException">One of them is out of its range.</exception>
    internal static void Check(double maximumErrorRate, double confidence)
    {
        if (!(maximumErrorRate is >= LeastErrorRate and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(maximumErrorRate), maximumErrorRate,
                "It must be at least 0.000001, for which millions of rows are needed, and below 1.");
        }

        if (!(confidence is >= LeastConfidence and <= MostConfidence))
        {
            throw new ArgumentOutOfRangeException(
                nameof(confidence), confidence, "It must be from 0.5, below which nothing is guaranteed worth the name, to 0.999999.");
        }
    }
}
