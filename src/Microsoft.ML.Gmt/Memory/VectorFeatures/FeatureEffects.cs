namespace Microsoft.ML.Gmt.Memory;

/// <summary>Which features moved a verdict, by leaving each out: it is set to its mean over the training rows, and the question asked
/// anew.</summary>
/// <remarks>
/// As many verdicts as the row has features that differ from their means, all on the same evidence of the graph. Of many features those are
/// left out that move the network's first layer most: their distance from the mean times the length of their weights.
/// </remarks>
/// <param name="shape">Names, means and scale.</param>
/// <param name="strengths">The length of each input's weights, <see cref="FeatureNetwork.InputStrengths"/>.</param>
/// <param name="judge">Gives the log-odds of one question with other features in place of its own.</param>
internal sealed class FeatureEffects(
    FeatureMemoryShape shape, IReadOnlyList<float> strengths, Func<IReadOnlyList<float[]>, IReadOnlyList<double>> judge)
{
    /// <summary>How many features are left out at most.</summary>
    public const int MostLeftOut = 16;

    /// <summary>Less is rounding: a feature moves nothing.</summary>
    public const double LeastEffect = 1e-6;

    private readonly FeatureScaling _scaling = shape.Scaling;

    /// <summary>Finds the features with the largest effects, and the effects of groups of them.</summary>
    /// <param name="row">The row's features.</param>
    /// <param name="count">How many features at most.</param>
    /// <param name="groups">Slots that are left out together.</param>
    public Found Of(float[] row, int count, IReadOnlyList<int[]> groups)
    {
        int[] slots = count == 0 ? [] : Candidates(row);
        if (slots.Length + groups.Count == 0)
        {
            return new Found([], []);
        }

        IReadOnlyList<double> scores = judge(
            [row, .. slots.Select(slot => Without(row, [slot])), .. groups.Select(group => Without(row, group))]);
        return new Found(
            [
                .. slots.Select((slot, i) => new FeatureReading(_scaling.Names[slot], row[slot], scores[0] - scores[i + 1]))
                    .Where(reading => Math.Abs(reading.Effect) >= LeastEffect)
                    .OrderByDescending(reading => Math.Abs(reading.Effect)).Take(count),
            ],
            [.. scores.Skip(1 + slots.Length).Select(score => scores[0] - score)]);
    }

    /// <summary>Features of which the network sees anything that their means would not show, those that move it most first.</summary>
    private int[] Candidates(float[] row)
    {
        float[] inputs = new float[_scaling.InputWidth];
        _scaling.Fill(row, shape.Options.Limit, inputs);
        double[] moves = [.. inputs.Select((input, i) => Math.Abs((double)input) * strengths[i])];
        for (int i = 0; i < _scaling.WithMissing.Count; i++)
        {
            // One of the two is 0: a number that is missing has no distance from its mean.
            moves[_scaling.WithMissing[i]] += moves[_scaling.Width + i];
        }

        return
        [
            .. Enumerable.Range(0, _scaling.Width).Where(slot => moves[slot] > 0).OrderByDescending(slot => moves[slot]).Take(MostLeftOut),
        ];
    }

    private float[] Without(float[] row, int[] slots)
    {
        float[] other = [.. row];
        foreach (int slot in slots)
        {
            other[slot] = _scaling.MeanOf(slot);
        }

        return other;
    }

    /// <summary>What moved a verdict.</summary>
    /// <param name="Features">The features with the largest effects, the largest first.</param>
    /// <param name="Groups">The effect of each group.</param>
    public sealed record Found(IReadOnlyList<FeatureReading> Features, IReadOnlyList<double> Groups);
}
