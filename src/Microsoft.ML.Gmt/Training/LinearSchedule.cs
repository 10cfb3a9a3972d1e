namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// A learning rate that rises linearly from 0 to its peak and falls linearly to 0 after the last step, as transformers'
/// <c>get_linear_schedule_with_warmup</c> has it.
/// </summary>
internal sealed class LinearSchedule
{
    private readonly long _steps;

    /// <summary>Creates a schedule.</summary>
    /// <param name="peak">The highest rate.</param>
    /// <param name="steps">Optimizer steps of the whole run.</param>
    /// <param name="warmupSteps">Steps of the rise; 100. A run of fewer steps ends before the peak.</param>
    public LinearSchedule(double peak, long steps, long warmupSteps = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(peak);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        (Peak, _steps, WarmupSteps) = (peak, steps, warmupSteps);
    }

    /// <summary>The highest rate.</summary>
    public double Peak { get; }

    /// <summary>Steps of the rise.</summary>
    public long WarmupSteps { get; }

    /// <summary>The rate of a step: 0 for the very first one where there is a rise.</summary>
    /// <param name="step">Steps done before it.</param>
    public double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step < WarmupSteps
            ? Peak * (step / (double)WarmupSteps)
            : Peak * Math.Max(0, (_steps - step) / (double)Math.Max(1, _steps - WarmupSteps));
    }
}
