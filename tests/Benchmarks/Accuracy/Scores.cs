using System.Globalization;
using Microsoft.ML.Gmt.Evaluation;

namespace Benchmarks.Accuracy;

/// <summary>How well log-odds tell true from false.</summary>
internal static class Scores
{
    private const double Limit = 1e-6;

    public static float LogOdds(float probability)
    {
        double kept = Math.Clamp(probability, Limit, 1 - Limit);
        return (float)Math.Log(kept / (1 - kept));
    }

    public static double Probability(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    /// <summary>Percent right where above 0 means true.</summary>
    public static double Accuracy(IReadOnlyList<float> logOdds, IReadOnlyList<bool> labels) =>
        100 * logOdds.Zip(labels, (score, label) => score > 0 == label ? 1.0 : 0).Average();

    /// <summary>Mean of −ln P(label).</summary>
    public static double LogLoss(IReadOnlyList<float> logOdds, IReadOnlyList<bool> labels) =>
        logOdds.Zip(labels, (score, label) => Math.Log(1 + Math.Exp(label ? -score : score))).Average();

    /// <summary>The area under the ROC curve, in percent: how often a true row is above a false one, ties by half.</summary>
    public static double Area(IReadOnlyList<float> scores, IReadOnlyList<bool> labels) =>
        100 * AreaUnderCurve.Of(scores.Zip(labels, (score, label) => ((double)score, label)));

    /// <summary>The mean of several scores of each row.</summary>
    public static float[] Mean(IReadOnlyList<float[]> scores) =>
        [.. Enumerable.Range(0, scores[0].Length).Select(row => scores.Average(one => one[row]))];

    /// <summary>How many points of accuracy the first is better by, and the standard error of this over rows.</summary>
    public static (double Gain, double Error) Paired(IReadOnlyList<float> first, IReadOnlyList<float> second, IReadOnlyList<bool> labels)
    {
        double[] gains =
        [
            .. Enumerable.Range(0, labels.Count).Select(row =>
                (first[row] > 0 == labels[row] ? 1.0 : 0) - (second[row] > 0 == labels[row] ? 1.0 : 0)),
        ];
        double mean = gains.Average();
        return (100 * mean, 100 * Math.Sqrt(gains.Average(gain => (gain - mean) * (gain - mean)) / gains.Length));
    }

    /// <summary>
    /// Log-odds made of scores by a threshold for each relation: how far above it. Thresholds are learned from some rows.
    /// </summary>
    public static float[] AboveThresholds(LabeledRows rows, float[] scores, IReadOnlyList<int> learned, IReadOnlyList<int> judged)
    {
        var thresholds = RelationThresholds.Fit(
            learned.Select(row => new ScoredStatement(rows.Relation(row), scores[row], rows.Labels[row])));
        return
        [
            .. judged.Select(row => (float)Math.Clamp(scores[row] - thresholds.Of(rows.Relation(row)), -1e6, 1e6)),
        ];
    }

    public static string Text(double value, int digits = 2) => value.ToString($"f{digits}", CultureInfo.InvariantCulture);
}
