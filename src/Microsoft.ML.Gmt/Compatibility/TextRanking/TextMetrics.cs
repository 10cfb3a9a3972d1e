namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>Accuracy, precision, recall and F1 of true/false responses; a ratio with nothing below the line is 0.</summary>
/// <param name="Accuracy">Right verdicts over all.</param>
/// <param name="Precision">Right among those called true.</param>
/// <param name="Recall">Called true among the true.</param>
/// <param name="F1">Harmonic mean of precision and recall.</param>
internal readonly record struct TextClassificationMetrics(double Accuracy, double Precision, double Recall, double F1)
{
    /// <summary>Judges predictions against labels, pair by pair.</summary>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public static TextClassificationMetrics Compute(IReadOnlyList<bool> labels, IReadOnlyList<bool> predictions)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predictions);
        if (labels.Count != predictions.Count)
        {
            throw new ArgumentException(
                $"{labels.Count} labels but {predictions.Count} predictions; there must be one of each for every row.",
                nameof(predictions));
        }

        int Count(bool label, bool prediction) => Enumerable.Range(0, labels.Count).Count(
            i => labels[i] == label && predictions[i] == prediction);
        int truePositives = Count(true, true), falsePositives = Count(false, true), falseNegatives = Count(true, false);
        double accuracy = (double)(truePositives + Count(false, false)) / Math.Max(labels.Count, 1);
        double precision = (double)truePositives / Math.Max(truePositives + falsePositives, 1);
        double recall = (double)truePositives / Math.Max(truePositives + falseNegatives, 1);
        return new(accuracy, precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }
}

/// <summary>One row of text link prediction: what was predicted, best first, and what is true.</summary>
/// <param name="Predictions">Predicted names, best first.</param>
/// <param name="Golds">True names.</param>
internal sealed record TextRanking(IReadOnlyList<string> Predictions, IReadOnlyList<string> Golds)
{
    /// <summary>Whether the reference counts the row: it has both predictions and true names.</summary>
    public bool IsCounted => Predictions.Count > 0 && Golds.Count > 0;

    /// <summary>The place, from 1, of the first prediction that is true after normalisation; null where none is.</summary>
    public int? FirstTrueRank()
    {
        HashSet<string> golds = [.. Golds.Select(RankedText.Normalize)];
        for (int i = 0; i < Predictions.Count; i++)
        {
            if (golds.Contains(RankedText.Normalize(Predictions[i])))
            {
                return i + 1;
            }
        }

        return null;
    }
}

/// <summary>Hits@k and MRR of text link prediction.</summary>
/// <param name="Hits">Hits@k in the order asked for; a k asked for twice counts twice in its one entry, as in the reference.</param>
/// <param name="MeanReciprocalRank">Mean of 1 / rank, 0 for a row without a true prediction.</param>
/// <param name="Rows">Rows that the means are over.</param>
internal sealed record TextRankingMetrics(IReadOnlyDictionary<int, double> Hits, double MeanReciprocalRank, int Rows)
{
    /// <summary>
    /// The reference's figures: rows without predictions or without true names are left out of the mean. Null where no row is left.
    /// </summary>
    public static TextRankingMetrics? ComputeCompatible(IEnumerable<TextRanking> rows, IReadOnlyList<int> hitsAt)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Compute([.. rows.Where(row => row.IsCounted)], hitsAt);
    }

    /// <summary>
    /// The strict figures: a row without predictions is a miss; only rows without true names are left out. Null where no row is left.
    /// </summary>
    public static TextRankingMetrics? ComputeStrict(IEnumerable<TextRanking> rows, IReadOnlyList<int> hitsAt)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Compute([.. rows.Where(row => row.Golds.Count > 0)], hitsAt);
    }

    private static TextRankingMetrics? Compute(IReadOnlyList<TextRanking> rows, IReadOnlyList<int> hitsAt)
    {
        ArgumentNullException.ThrowIfNull(hitsAt);
        if (rows.Count == 0)
        {
            return null;
        }

        int?[] ranks = [.. rows.Select(row => row.FirstTrueRank())];
        var hits = new OrderedDictionary<int, double>();
        foreach (int k in hitsAt)
        {
            hits[k] = hits.GetValueOrDefault(k) + (double)ranks.Count(rank => rank <= k) / rows.Count;
        }

        return new(hits, ranks.Sum(rank => rank is { } place ? 1.0 / place : 0) / rows.Count, rows.Count);
    }
}
