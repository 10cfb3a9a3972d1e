using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using static Microsoft.ML.Gmt.Tests.Training.LoopRuns;

namespace Microsoft.ML.Gmt.Tests.Training;

/// <summary>Runs that keep their state, and go on from it.</summary>
[TestClass]
public sealed class TrainingLoopResumeTests
{
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
        List<TrainingProgress> heard = [];
        (TrainingResult second, float[] resumed) = Run(
            new FakeTask(), kept with { Progress = new Listener<TrainingProgress>(heard.Add) });
        Assert.IsTrue(heard[0] is { IsValidation: true, ItemsPerSecond: > 0 }, "it begins with the validation");
        AssertSame(expected, second, "");
        CollectionAssert.AreEqual(weights, resumed);
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
}
