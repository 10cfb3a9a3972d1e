using System.Globalization;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Where a training run stands; what <see cref="IProgress{T}"/> receives after a step.</summary>
/// <param name="Stage">What is trained, such as <c>SGM</c>.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">Epochs asked for.</param>
/// <param name="Step">Optimizer steps done since the run began.</param>
/// <param name="Steps">Optimizer steps of the whole run.</param>
/// <param name="Loss">The last step's loss.</param>
/// <param name="Metric">The last validation figure, or null where none was computed yet.</param>
/// <param name="ItemsPerSecond">Rows per second, averaged over this run, without what an earlier one did that it goes on from.</param>
/// <param name="Remaining">Time left at that rate.</param>
public sealed record TrainingProgress(
    string Stage, int Epoch, int Epochs, long Step, long Steps, double Loss, double? Metric, double ItemsPerSecond, TimeSpan Remaining)
{
    /// <summary>How many steps <see cref="RecentLoss"/> looks back at.</summary>
    public const int RecentSteps = 10;

    /// <summary>The mean loss of the epoch's steps so far.</summary>
    public double EpochLoss { get; init; }

    /// <summary>The mean loss of the last ten steps, or of all where there were fewer.</summary>
    public double RecentLoss { get; init; }

    /// <summary>The learning rate that the last step used.</summary>
    public double LearningRate { get; init; }

    /// <summary>Whether this is reported after a validation, which follows the report of its step.</summary>
    public bool IsValidation { get; init; }
}

/// <summary>One optimizer step in the history of a training run.</summary>
/// <param name="Step">Steps done, this one included.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">The step's loss.</param>
/// <param name="LearningRate">The learning rate that the step used.</param>
/// <param name="ItemsPerSecond">Rows per second of this step.</param>
/// <param name="Metric">The validation figure computed after this step, if one was.</param>
public sealed record TrainingStep(long Step, int Epoch, double Loss, double LearningRate, double ItemsPerSecond, double? Metric = null);

/// <summary>Loss, rate and validation figures of a training run, step by step.</summary>
/// <param name="Steps">Every optimizer step, in order.</param>
public sealed record TrainingHistory(IReadOnlyList<TrainingStep> Steps)
{
    /// <summary>The history of a model that was not trained here.</summary>
    public static TrainingHistory Empty { get; } = new([]);

    /// <summary>The mean loss of each epoch, in order.</summary>
    public IReadOnlyList<double> EpochLosses =>
        [.. Steps.GroupBy(step => step.Epoch).OrderBy(epoch => epoch.Key).Select(epoch => epoch.Average(step => step.Loss))];

    /// <summary>How long it was and how the loss of an epoch changed.</summary>
    public override string ToString() => EpochLosses is not [var first, ..] losses ? "no steps" : string.Create(
        CultureInfo.InvariantCulture, $"{Steps.Count:n0} steps in {losses.Count:n0} epochs, loss {first:f4} to {losses[^1]:f4}");
}
