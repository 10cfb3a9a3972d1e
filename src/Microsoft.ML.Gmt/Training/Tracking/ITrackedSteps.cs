namespace Microsoft.ML.Gmt.Training;

/// <summary>How a training run's steps stand in the lines of a file.</summary>
internal interface ITrackedSteps
{
    /// <summary>The first line; null where the first step stands there.</summary>
    public string? Header { get; }

    /// <summary>A step as a line.</summary>
    /// <param name="step">The step; with its validation figure where one was computed after it.</param>
    /// <param name="time">When it was made.</param>
    public string Line(TrainingProgress step, DateTimeOffset time);

    /// <summary>The number of the step that a line is of; null where it is of none.</summary>
    public long? StepOf(string line);
}
