using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

/// <summary>Runs of the training loop with a task that takes no time.</summary>
internal static class LoopRuns
{
    public static readonly TrainingLoopOptions FiveEpochs = new(5, null, null, null);

    /// <summary>A checkpoint that is resumed from where it is there.</summary>
    public static TrainingCheckpointOptions Resumable(TemporaryFolder folder, TimeSpan interval) =>
        new() { Path = folder["state"], Interval = interval, Resume = true };

    /// <summary>Runs a task up to a step.</summary>
    public static (TrainingResult Result, float[] Weights) Run(FakeTask task, TrainingLoopOptions options, int cancelAt)
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Listener<TrainingProgress>(report =>
        {
            if (report.Step == cancelAt)
            {
                cancellation.Cancel();
            }
        });
        return Run(task, options with { Progress = progress }, cancellation);
    }

    /// <summary>Runs a task.</summary>
    public static (TrainingResult Result, float[] Weights) Run(
        FakeTask task, TrainingLoopOptions options, CancellationTokenSource? cancellation = null)
    {
        using (task)
        {
            TrainingResult result = TrainingLoop<int[]>.Run(task, options, cancellation?.Token ?? default);
            return (result, task.Weights);
        }
    }

    /// <summary>Compares all but times and speeds.</summary>
    public static void AssertSame(TrainingResult expected, TrainingResult actual, string message)
    {
        static (double, double, double?)[] Numbers(TrainingResult result) =>
            [.. result.History.Steps.Select(step => (step.Loss, step.LearningRate, step.Metric))];
        CollectionAssert.AreEqual(Numbers(expected), Numbers(actual), message);
        Assert.AreEqual(expected with { History = TrainingHistory.Empty }, actual with { History = TrainingHistory.Empty }, message);
    }
}
