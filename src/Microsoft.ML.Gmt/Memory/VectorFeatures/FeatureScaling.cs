namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Brings features of any size to one scale: signed logarithm, sign(x) · log(1 + |x|), then standard deviations from the mean over the rows
/// of a training run, cut off at a limit.
/// </summary>
/// <remarks>
/// A missing value (NaN) counts as the mean. A slot that had missing values in training has one more input, which is 1 where the value is
/// missing and 0 elsewhere, so that missing may mean something; one that had none there has no such input. A slot with one value only in
/// training is always 0.
/// </remarks>
internal sealed record FeatureScaling
{
    /// <summary>Names of the slots.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Mean of each slot's signed logarithm.</summary>
    public required IReadOnlyList<float> Means { get; init; }

    /// <summary>Its standard deviation; 0 for a slot with one value only.</summary>
    public required IReadOnlyList<float> Deviations { get; init; }

    /// <summary>The slots that had missing values, in ascending order.</summary>
    public required IReadOnlyList<int> WithMissing { get; init; }

    /// <summary>How many numbers a row has.</summary>
    internal int Width => Names.Count;

    /// <summary>How many numbers go into the network: one for each slot, and one for each of <see cref="WithMissing"/>.</summary>
    internal int InputWidth => Names.Count + WithMissing.Count;

    /// <summary>Measures rows.</summary>
    /// <param name="rows">At least one, each with as many numbers as there are names; NaN is missing.</param>
    /// <param name="names">Names of the slots.</param>
    /// <exception cref="ArgumentException">All values of all slots are missing.</exception>
    public static FeatureScaling Fit(IReadOnlyList<float[]> rows, IReadOnlyList<string> names)
    {
        int width = names.Count;
        double[] sums = new double[width], squares = new double[width];
        int[] counts = new int[width];
        foreach (float[] row in rows)
        {
            for (int slot = 0; slot < width; slot++)
            {
                if (!float.IsNaN(row[slot]))
                {
                    sums[slot] += SignedLog(row[slot]);
                    counts[slot]++;
                }
            }
        }

        if (counts.All(count => count == 0))
        {
            throw new ArgumentException(
                $"All {width} features of all {rows.Count} rows are missing (NaN); there is nothing to learn from them.");
        }

        // In a second pass: squares of numbers that lie far from 0 would leave nothing of a small spread.
        foreach (float[] row in rows)
        {
            for (int slot = 0; slot < width; slot++)
            {
                if (!float.IsNaN(row[slot]))
                {
                    double gap = SignedLog(row[slot]) - (sums[slot] / counts[slot]);
                    squares[slot] += gap * gap;
                }
            }
        }

        int[] slots = [.. Enumerable.Range(0, width)];
        return new FeatureScaling
        {
            Names = [.. names],
            Means = [.. slots.Select(slot => counts[slot] == 0 ? 0f : (float)(sums[slot] / counts[slot]))],
            Deviations =
            [
                .. slots.Select(slot => counts[slot] == 0 ? 0f : Deviation(squares[slot] / counts[slot], sums[slot] / counts[slot])),
            ],
            WithMissing = [.. slots.Where(slot => counts[slot] < rows.Count)],
        };
    }

    /// <summary>What goes into the network for a row.</summary>
    /// <param name="row">A number for each slot; NaN is missing.</param>
    /// <param name="limit">Where standardized numbers are cut off.</param>
    /// <param name="inputs">Receives <see cref="InputWidth"/> numbers.</param>
    public void Fill(ReadOnlySpan<float> row, double limit, Span<float> inputs)
    {
        for (int slot = 0; slot < Width; slot++)
        {
            inputs[slot] = float.IsNaN(row[slot]) || Deviations[slot] == 0 ? 0
                : (float)Math.Clamp((SignedLog(row[slot]) - Means[slot]) / Deviations[slot], -limit, limit);
        }

        for (int i = 0; i < WithMissing.Count; i++)
        {
            inputs[Width + i] = float.IsNaN(row[WithMissing[i]]) ? 1 : 0;
        }
    }

    /// <summary>The value of a slot that is standardized to 0, up to rounding.</summary>
    public float MeanOf(int slot)
    {
        double mean = Means[slot];
        return (float)(Math.Sign(mean) * (Math.Exp(Math.Abs(mean)) - 1));
    }

    /// <summary>What an archive says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">The parts do not go together, or a number is not finite.</exception>
    public void Check()
    {
        if (Width == 0 || Means.Count != Width || Deviations.Count != Width)
        {
            throw new ArgumentException(
                $"There are {Width} names of features, {Means.Count} means and {Deviations.Count} standard deviations; give one of each "
                + "for each feature, one at least.");
        }

        if (Names.Contains(null!) || !Means.All(float.IsFinite)
            || !Deviations.All(deviation => float.IsFinite(deviation) && deviation >= 0))
        {
            throw new ArgumentException("A feature has no name, or a mean or standard deviation that is not finite, or a negative one.");
        }

        for (int i = 0; i < WithMissing.Count; i++)
        {
            if (WithMissing[i] >= Width || WithMissing[i] <= (i == 0 ? -1 : WithMissing[i - 1]))
            {
                throw new ArgumentException($"The features with missing values must be ascending, each below {Width}.");
            }
        }
    }

    // Less than what rounding to Single makes of a single value counts as none.
    private static float Deviation(double variance, double mean)
    {
        double deviation = Math.Sqrt(variance);
        return deviation <= 1e-6 * Math.Abs(mean) ? 0 : (float)deviation;
    }

    private static double SignedLog(double value) => Math.Sign(value) * Math.Log(1 + Math.Abs(value));
}
