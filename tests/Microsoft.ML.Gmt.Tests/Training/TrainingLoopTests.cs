using Microsoft.ML.Gmt.Training;
using static Microsoft.ML.Gmt.Tests.Training.LoopRuns;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class TrainingLoopTests
{
    [TestMethod]
    public void Cancelled_before_the_first_step_it_changes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        (TrainingResult result, float[] weights) = Run(new FakeTask(), FiveEpochs, cancellation);
        Assert.IsTrue(result.IsCancelled);
        Assert.IsEmpty(result.History.Steps);
        Assert.AreEqual("no steps", result.History.ToString());
        CollectionAssert.AreEqual(new float[3], weights);
    }

    [TestMethod]
    public void Cancelled_in_the_last_step_it_is_done_all_the_same()
    {
        (TrainingResult result, _) = Run(new FakeTask { HasValidation = false }, FiveEpochs, cancelAt: 20);
        Assert.IsFalse(result.IsCancelled);
        Assert.HasCount(20, result.History.Steps);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_weights_of_the_best_epoch_come_back_where_they_are_kept(bool isHigherBetter)
    {
        var task = new FakeTask { IsHigherBetter = isHigherBetter };
        (TrainingResult result, float[] weights) = Run(task, FiveEpochs);
        double[] figures = [.. result.History.Steps.Select(step => step.Metric).OfType<double>()];
        Assert.HasCount(5, figures);
        double best = isHigherBetter ? figures.Max() : figures.Min();
        Assert.AreEqual(best, result.BestMetric);
        Assert.AreEqual(Array.IndexOf(figures, best) + 1, result.BestEpoch);
        Assert.IsTrue(result.BestEpoch is > 1 and < 5, "neither the first nor the last epoch is the best one");
        Assert.AreEqual(isHigherBetter ? -best : best, Math.Abs(weights[0] - task.Peak));

        TrainingLoopOptions noting = FiveEpochs with { KeepBestWeights = false };
        (TrainingResult noted, float[] last) = Run(new FakeTask { IsHigherBetter = isHigherBetter }, noting);
        Assert.AreEqual(result.BestEpoch, noted.BestEpoch);
        CollectionAssert.AreNotEqual(weights, last);
        CollectionAssert.AreEqual(Run(new FakeTask { HasValidation = false }, FiveEpochs).Weights, last);
    }

    [TestMethod]
    public void Patience_ends_a_run_after_epochs_that_are_not_better()
    {
        TrainingLoopOptions patient = FiveEpochs with { NumberOfEpochs = 30, EarlyStoppingPatience = 2 };
        (TrainingResult result, _) = Run(new FakeTask(), patient);
        Assert.IsTrue(result.IsStoppedEarly);
        Assert.IsFalse(result.IsCancelled);
        Assert.HasCount(4 * (result.BestEpoch!.Value + 2), result.History.Steps);

        (TrainingResult exact, _) = Run(new FakeTask(), patient with { NumberOfEpochs = result.BestEpoch.Value + 2 });
        Assert.IsFalse(exact.IsStoppedEarly, "patience ran out in the last epoch, which no later one follows");
        AssertSame(result with { IsStoppedEarly = false }, exact, "");
    }

    [TestMethod]
    public void Validation_comes_after_each_epoch_or_every_few_steps()
    {
        static long[] Measured(TrainingResult result) =>
            [.. result.History.Steps.Where(step => step.Metric is not null).Select(step => step.Step)];
        CollectionAssert.AreEqual(new long[] { 4, 8, 12, 16, 20 }, Measured(Run(new FakeTask(), FiveEpochs).Result));
        CollectionAssert.AreEqual(new long[] { 6, 12, 18 }, Measured(Run(new FakeTask(), FiveEpochs with { ValidationSteps = 6 }).Result));
        Assert.IsEmpty(Measured(Run(new FakeTask { HasValidation = false }, FiveEpochs).Result));
    }

    [TestMethod]
    public void Epochs_without_a_step_are_over_at_once()
    {
        (TrainingResult result, _) = Run(new FakeTask(rows: 0), FiveEpochs);
        Assert.IsEmpty(result.History.Steps);
        Assert.IsNull(result.BestEpoch);
        Assert.IsFalse(result.IsCancelled || result.IsStoppedEarly);
    }

    [TestMethod]
    public void Progress_reports_each_step_and_each_validation_after_it()
    {
        List<TrainingProgress> heard = [];
        (TrainingResult result, _) = Run(new FakeTask(), FiveEpochs with { Progress = new Listener<TrainingProgress>(heard.Add) });
        Assert.HasCount(25, heard);
        int[] Steps(bool validations) => [.. heard.Where(report => report.IsValidation == validations).Select(report => (int)report.Step)];
        CollectionAssert.AreEqual(Enumerable.Range(1, 20).ToArray(), Steps(validations: false));
        CollectionAssert.AreEqual(new[] { 4, 8, 12, 16, 20 }, Steps(validations: true));
        Assert.IsTrue(heard.TrueForAll(report =>
            report is { Stage: "fake", Epochs: 5, Steps: 20 } && report.Epoch == ((report.Step - 1) / 4) + 1));
        IReadOnlyList<double> losses = result.History.EpochLosses;
        Assert.AreEqual(
            FormattableString.Invariant($"20 steps in 5 epochs, loss {losses[0]:f4} to {losses[4]:f4}"), result.History.ToString());
        Assert.IsTrue(heard.TrueForAll(report => report.LearningRate == 0.1 / report.Step));
        Assert.AreEqual(10, result.RowsPerEpoch);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 20).Select(step => 0.1 / (1 + step)).ToArray(),
            result.History.Steps.Select(step => step.LearningRate).ToArray());
    }

    [TestMethod]
    public void A_validation_figure_that_is_no_number_is_never_the_best()
    {
        var task = new FakeTask { BadValidation = 2 };
        string message = Assert.ThrowsExactly<NotFiniteNumberException>(() => Run(task, FiveEpochs)).Message;
        StringAssert.Contains(message, "The validation figure is NaN at step 8");
    }
}
