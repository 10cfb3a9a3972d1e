namespace Microsoft.ML.Gmt.Memory;

/// <summary>Which features moved a verdict, by leaving each out: it is set to its mean over the training rows, and the question asked
/// anew.</summary>
/// <remarks>As many verdicts as the row has features that differ from their means, all on the same evidence of the graph.</remarks>
/// <param name="scaling">Names and means.</param>
/// <param name="judge">Gives the log-odds of one question with other features in place of its own.</param>
internal sealed class FeatureEffects(FeatureScaling scaling, Func<IReadOnlyList<float[]>, IReadOnlyList<double>> judge)
{
    /// <summary>The features with the largest effects, the largest first.</summary>
    /// <param name="row">The row's features.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<FeatureReading> Of(float[] row, int count)
    {
        int[] slots = [.. Enumerable.Range(0, scaling.Width).Where(slot => Matters(row, slot))];
        if (count == 0 || slots.Length == 0)
        {
            return [];
        }

        IReadOnlyList<double> scores = judge([row, .. slots.Select(slot => Without(row, slot))]);
        return
        [
            .. slots.Select((slot, i) => new FeatureReading(scaling.Names[slot], row[slot], scores[0] - scores[i + 1]))
                .OrderByDescending(reading => Math.Abs(reading.Effect)).Take(count),
        ];
    }

    /// <summary>Whether the network sees anything of the slot that its mean would not show.</summary>
    private bool Matters(float[] row, int slot) =>
        float.IsNaN(row[slot]) ? scaling.WithMissing.Contains(slot) : scaling.Deviations[slot] > 0 && row[slot] != scaling.MeanOf(slot);

    private float[] Without(float[] row, int slot)
    {
        float[] other = [.. row];
        other[slot] = scaling.MeanOf(slot);
        return other;
    }
}
