using System.Globalization;

namespace Microsoft.ML.Gmt.Training;

/// <summary>What is said of a training run whose numbers are no longer finite.</summary>
internal static class Divergence
{
    /// <summary>The exception that ends the run.</summary>
    /// <param name="problem">What is not finite, as the beginning of a sentence.</param>
    /// <param name="value">The number, or NaN where there may be many.</param>
    /// <param name="step">The step, from 1.</param>
    public static NotFiniteNumberException At(string problem, double value, long step) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{problem} at step {step:n0}: the training run has diverged and was stopped there. Train again with a smaller LearningRate."),
        value);

    /// <summary>The same for one number.</summary>
    /// <param name="what">What the number is, as the beginning of a sentence.</param>
    /// <param name="value">The number.</param>
    /// <param name="step">The step, from 1.</param>
    public static NotFiniteNumberException OfNumber(string what, double value, long step) =>
        At(string.Create(CultureInfo.InvariantCulture, $"{what} is {value}"), value, step);
}
