namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// A learning rate that rises linearly to its peak and falls as (1 − step / steps) to some power, to 0 after the last step.
/// </summary>
/// <param name="peak">The highest rate.</param>
/// <param name="steps">Optimizer steps of the whole run.</param>
/// <param name="warmupSteps">Steps of the rise.</param>
/// <param name="power">The power; 1 falls linearly.</param>
internal sealed class PolynomialSchedule(double peak, long steps, long warmupSteps, double power)
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">Steps done before it.</param>
    public double RateAt(long step) => peak * Math.Min(1, (step + 1) / (double)Math.Max(1, warmupSteps))
        * Math.Pow(Math.Max(0, 1 - (step / (double)Math.Max(1, steps))), power);
}
