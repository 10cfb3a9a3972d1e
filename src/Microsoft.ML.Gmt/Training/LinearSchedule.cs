namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// A learning rate that rises linearly from 0 to its peak and falls linearly to 0 after the last step, as transformers'
/// <c>get_linear_schedule_with_warmup</c> has it.
/// </summary>
internal sealed class LinearSchedule
{
    private readonly double _peak;
    private readonly long _steps;
    private readonly long _warmupSteps;

    /// <summary>Creates a schedule.</summary>
    /// <param name="peak">The highest rate.</param>
    /// <param name="steps">Optimizer steps of the whole run.</param>
    /// <param name="warmupSteps">Steps of the rise; 100. A run of fewer steps ends before the peak.</param>
    public LinearSchedule(double peak, long steps, long warmupSteps = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(peak);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        (_peak, _steps, _warmupSteps) = (peak, steps, warmupSteps);
    }

    /// <summary>The rate of a step: 0 for the very first one where there is a rise.</summary>
    /// <param name="step">Steps done before it.</param>
    public double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step < _warmupSteps
            ? _peak * (step / (double)_warmupSteps)
            : _peak * Math.Max(0, (_steps - step) / (double)Math.Max(1, _steps - _warmupSteps));
    }
}
