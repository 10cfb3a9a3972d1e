using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class TrainingLoopTests
{
    private static readonly TrainingLoopOptions FiveEpochs = new(5, null, null, null);

    [TestMethod]
    [DataRow(null, true, DisplayName = "validated each epoch, best weights kept")]
    [DataRow(3, true, DisplayName = "validated every three steps, best weights kept")]
    [DataRow(3, false, DisplayName = "validated every three steps, last weights kept")]
    public void Cancelled_after_any_step_and_resumed_it_ends_like_an_uninterrupted_run(int? validationSteps, bool keepBest)
    {
        TrainingLoopOptions options = FiveEpochs with { ValidationSteps = validationSteps, KeepBestWeights = keepBest };
        (TrainingResult expected, float[] weights) = Run(new FakeTask(), options);
        Assert.HasCount(20, expected.History.Steps);
        for (int stop = 1; stop < 20; stop++)
        {
            using var folder = new TemporaryFolder();
            TrainingLoopOptions kept = options with { Checkpoint = Resumable(folder, TimeSpan.FromHours(1)) };
            (TrainingResult first, _) = Run(new FakeTask(), kept, cancelAt: stop);
            Assert.IsTrue(first.IsCancelled);
            Assert.HasCount(stop, first.History.Steps);
            (TrainingResult second, float[] resumed) = Run(new FakeTask(), kept);
            AssertSame(expected, second, $"stopped after step {stop}");
            CollectionAssert.AreEqual(weights, resumed, $"stopped after step {stop}");
        }
    }

    [TestMethod]
    public void A_run_that_is_done_does_nothing_when_it_is_resumed()
    {
        using var folder = new TemporaryFolder();
        TrainingLoopOptions kept = FiveEpochs with { Checkpoint = Resumable(folder, TimeSpan.Zero) };
        (TrainingResult expected, float[] weights) = Run(new FakeTask(), kept);
        var task = new FakeTask();
        (TrainingResult again, float[] resumed) = Run(task, kept);
        AssertSame(expected, again, "");
        CollectionAssert.AreEqual(weights, resumed);
        Assert.AreEqual(0, task.Validations);
    }

    [TestMethod]
    [DataRow(2, DisplayName = "of the second epoch")]
    [DataRow(5, DisplayName = "of the last epoch")]
    public void A_validation_that_was_cut_short_is_made_up_for(int epoch)
    {
        (TrainingResult expected, float[] weights) = Run(new FakeTask(), FiveEpochs);
        using var folder = new TemporaryFolder();
        TrainingLoopOptions kept = FiveEpochs with { Checkpoint = Resumable(folder, TimeSpan.FromHours(1)) };
        using var cancellation = new CancellationTokenSource();
        int begun = 0;
        var cut = new FakeTask
        {
            OnValidation = () =>
            {
                if (++begun == epoch)
                {
                    cancellation.Cancel();
                }
            },
        };
        (TrainingResult first, _) = Run(cut, kept, cancellation);
        Assert.IsTrue(first.IsCancelled, "what is left is a validation");
        Assert.HasCount(4 * epoch, first.History.Steps);
        (TrainingResult second, float[] resumed) = Run(new FakeTask(), kept);
        AssertSame(expected, second, "");
        CollectionAssert.AreEqual(weights, resumed);
    }

    [TestMethod]
    public void Cancelled_before_the_first_step_it_changes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        (TrainingResult result, float[] weights) = Run(new FakeTask(), FiveEpochs, cancellation);
        Assert.IsTrue(result.IsCancelled);
        Assert.IsEmpty(result.History.Steps);
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
        Assert.AreEqual(10, result.RowsPerEpoch);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 20).Select(step => 0.1 / (1 + step)).ToArray(),
            result.History.Steps.Select(step => step.LearningRate).ToArray());
    }

    [TestMethod]
    public void Another_stage_or_other_data_are_refused()
    {
        using var folder = new TemporaryFolder();
        TrainingLoopOptions kept = FiveEpochs with { Checkpoint = Resumable(folder, TimeSpan.Zero) };
        Run(new FakeTask(), kept);
        string Refusal(FakeTask task) => Assert.ThrowsExactly<GmtFileException>(() => Run(task, kept)).Message;
        StringAssert.Contains(Refusal(new FakeTask(rows: 11)), "with other settings or data: rows was 10 and is 11. Go on");
        StringAssert.Contains(Refusal(new FakeTask { Stage = "other" }), "stage was fake and is other");
    }

    [TestMethod]
    public void A_run_that_diverges_stops_at_the_step_and_keeps_the_state_before_it()
    {
        using var folder = new TemporaryFolder();
        TrainingLoopOptions kept = FiveEpochs with { Checkpoint = Resumable(folder, TimeSpan.Zero) };
        var task = new FakeTask { DivergesAt = 6 };
        string message = Assert.ThrowsExactly<NotFiniteNumberException>(() => Run(task, kept)).Message;
        StringAssert.Contains(message, "The loss is NaN at step 7");
        StringAssert.Contains(message, $"The last state that was kept is in {folder["state"]}");
        (TrainingResult result, float[] weights) = Run(new FakeTask(), kept);
        (TrainingResult expected, float[] whole) = Run(new FakeTask(), FiveEpochs);
        AssertSame(expected, result, "the state before the step is good to go on from");
        CollectionAssert.AreEqual(whole, weights);
    }

    [TestMethod]
    public void A_validation_figure_that_is_no_number_is_never_the_best()
    {
        var task = new FakeTask { BadValidation = 2 };
        string message = Assert.ThrowsExactly<NotFiniteNumberException>(() => Run(task, FiveEpochs)).Message;
        StringAssert.Contains(message, "The validation figure is NaN at step 8");
    }

    [TestMethod]
    public void Two_runs_do_not_keep_their_states_in_one_file()
    {
        using var folder = new TemporaryFolder();
        TrainingLoopOptions kept = FiveEpochs with { Checkpoint = Resumable(folder, TimeSpan.FromHours(1)) };
        string? refused = null;
        var first = new FakeTask
        {
            OnValidation = () => refused ??= Assert.ThrowsExactly<IOException>(() => Run(new FakeTask(), kept)).Message,
        };
        Run(first, kept);
        StringAssert.Contains(refused, "Another training run keeps its state in");
        Run(new FakeTask(), kept);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void The_end_is_kept_where_that_is_wanted()
    {
        using var folder = new TemporaryFolder();
        TrainingCheckpointOptions checkpoint = Resumable(folder, TimeSpan.FromHours(1)) with { KeepsEnd = true };
        (TrainingResult expected, float[] weights) = Run(new FakeTask(), FiveEpochs with { Checkpoint = checkpoint });
        var again = new FakeTask();
        (TrainingResult result, float[] same) = Run(again, FiveEpochs with { Checkpoint = checkpoint });
        AssertSame(expected, result, "resumed at the end");
        CollectionAssert.AreEqual(weights, same);
        Assert.AreEqual(0, again.Validations);
    }

    [TestMethod]
    public void Nothing_stays_behind()
    {
        using var folder = new TemporaryFolder();
        TrainingLoopOptions kept = FiveEpochs with { Checkpoint = Resumable(folder, TimeSpan.Zero) };
        void Work()
        {
            Run(new FakeTask(), kept, cancelAt: 7);
            Run(new FakeTask(), kept);
            File.Delete(folder["state"]);
        }

        Work();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Work();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static TrainingCheckpointOptions Resumable(TemporaryFolder folder, TimeSpan interval) =>
        new() { Path = folder["state"], Interval = interval, Resume = true };

    private static (TrainingResult Result, float[] Weights) Run(FakeTask task, TrainingLoopOptions options, int cancelAt)
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Listener<TrainingProgress>(report => CancelAt(report, cancelAt, cancellation));
        return Run(task, options with { Progress = progress }, cancellation);
    }

    private static (TrainingResult Result, float[] Weights) Run(
        FakeTask task, TrainingLoopOptions options, CancellationTokenSource? cancellation = null)
    {
        using (task)
        {
            TrainingResult result = TrainingLoop<int[]>.Run(task, options, cancellation?.Token ?? default);
            return (result, task.Weights);
        }
    }

    private static void CancelAt(TrainingProgress report, int step, CancellationTokenSource cancellation)
    {
        if (report.Step == step)
        {
            cancellation.Cancel();
        }
    }

    private static void AssertSame(TrainingResult expected, TrainingResult actual, string message)
    {
        static (double, double, double?)[] Numbers(TrainingResult result) =>
            [.. result.History.Steps.Select(step => (step.Loss, step.LearningRate, step.Metric))];
        CollectionAssert.AreEqual(Numbers(expected), Numbers(actual), message);
        Assert.AreEqual(expected with { History = TrainingHistory.Empty }, actual with { History = TrainingHistory.Empty }, message);
    }
}
