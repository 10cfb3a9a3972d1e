using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class GmtTrainerTests
{
    private const int Yes = 3, No = 4;

    private static readonly MemoryOptions WithDropout = TinyGmt.Options with
    {
        Lora = new LoraOptions { Rank = 2, Alpha = 4, Dropout = 0.1 },
    };

    private static GmtTrainingOptions Options => new()
    {
        NumberOfEpochs = 3,
        BatchSize = 4,
        MicroBatchSize = 2,
        LearningRate = 0.01,
        GateLearningRateFactor = 10,
        WarmupSteps = 2,
        TrainGraphModule = true,
        Seed = 3,
    };

    /// <summary>The same question about every triple, true of those that are known: only the memory tells them apart.</summary>
    private static TokenizedRow[] Rows =>
    [
        .. TinyGmt.People().Triples(GraphSplit.Train).ToArray().Select(triple => Row(triple, Yes)),
        .. new Triple[] { new(5, 0, 0), new(5, 1, 5), new(3, 0, 5), new(4, 0, 5) }.Select(triple => Row(triple, No)),
    ];

    [TestMethod]
    public void Learns_from_the_memory_what_the_text_does_not_say()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var tiny = new TinyGmt();
        TrainingResult result = new GmtTrainer(tiny.Model, Options with { NumberOfEpochs = 40 }).Train(Rows);
        Assert.AreEqual(Rows.Length, result.RowsPerEpoch);
        Assert.IsLessThan(0.35, result.History.EpochLosses[^1], "ln 2 = 0.69 without the memory");
        Assert.HasCount(40 * 3, result.History.Steps);
        Assert.AreEqual(0, result.History.Steps[0].LearningRate);
    }

    [TestMethod]
    public void The_base_model_and_what_is_not_asked_for_stay_as_they_were()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var scope = NewDisposeScope();
        using var tiny = new TinyGmt();
        Dictionary<string, Tensor> before = tiny.Model.NamedParameters().ToDictionary(
            pair => pair.Name, pair => pair.Parameter.detach().clone());
        Tensor[] baseBefore = [.. tiny.BaseModel.parameters().Select(parameter => parameter.detach().clone())];
        new GmtTrainer(tiny.Model, Options with { TrainGraphModule = false }).Train(Rows);
        foreach ((string name, Tensor parameter) in tiny.Model.NamedParameters())
        {
            bool moved = (parameter - before[name]).abs().max().item<float>() > 0;
            bool isTrained = !name.Contains("sgm.", StringComparison.Ordinal)
                && (!name.Contains("_proj.weight", StringComparison.Ordinal) || name.Contains("graph_encoder", StringComparison.Ordinal));
            Assert.AreEqual(isTrained, moved, name);
            Assert.IsNull(parameter.grad, name);
        }

        foreach ((Tensor expected, Tensor actual) in baseBefore.Zip(tiny.BaseModel.parameters()))
        {
            Near.Absolute(expected, actual, 0, "base model");
        }
    }

    [TestMethod]
    public void One_seed_gives_one_model_and_another_another()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var scope = NewDisposeScope();
        Tensor first = Weights(Options), again = Weights(Options), other = Weights(Options with { Seed = 4 });
        Near.Absolute(first, again, 0, "the same seed");
        Assert.IsGreaterThan(1e-4f, (first - other).abs().max().item<float>());
    }

    [TestMethod]
    public void Micro_batches_of_equal_rows_change_nothing()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var scope = NewDisposeScope();
        Tensor whole = Weights(Options with { MicroBatchSize = null }, dropout: false);
        Tensor parts = Weights(Options with { MicroBatchSize = 1 }, dropout: false);

        // Weights move by 0.05 here; those without a gradient in exact arithmetic move by rounding noise.
        Near.Absolute(whole, parts, 1e-3, "weights");
    }

    [TestMethod]
    public void Validation_keeps_the_best_epoch_and_patience_ends_the_training()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var tiny = new TinyGmt(WithDropout);

        // The validation rows answer the other way round, so that every step makes it worse.
        TokenizedRow[] contrary = [.. Rows.Select(row => Row(row.Triple, row.Ids[^1] == Yes ? No : Yes))];
        TrainingResult result = new GmtTrainer(
            tiny.Model, Options with { NumberOfEpochs = 30, EarlyStoppingPatience = 2 }).Train(Rows, contrary);
        double[] losses = [.. result.History.Steps.Where(step => step.Metric is not null).Select(step => step.Metric!.Value)];
        Assert.IsTrue(result.IsStoppedEarly);
        Assert.HasCount(result.BestEpoch!.Value + 2, losses);
        Assert.AreEqual(losses.Min(), result.BestMetric!.Value);
        Assert.AreEqual(losses[result.BestEpoch.Value - 1], result.BestMetric.Value);
        using var step = new GmtStep(tiny.Model, Options, new RandomStreams(1), 1);
        Assert.AreEqual(result.BestMetric.Value, step.Measure(contrary, default), 1e-6, "the model has the best epoch's weights");
    }

    [TestMethod]
    public void Validation_may_come_every_few_steps_and_leave_the_last_weights()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var tiny = new TinyGmt(WithDropout);
        TokenizedRow[] contrary = [.. Rows.Select(row => Row(row.Triple, row.Ids[^1] == Yes ? No : Yes))];
        List<TrainingProgress> heard = [];
        GmtTrainingOptions options = Options with
        {
            NumberOfEpochs = 6,
            ValidationSteps = 4,
            KeepBestWeights = false,
            Progress = new Listener<TrainingProgress>(heard.Add),
        };
        TrainingResult result = new GmtTrainer(tiny.Model, options).Train(Rows, contrary);
        CollectionAssert.AreEqual(
            new long[] { 4, 8, 12, 16 }, result.History.Steps.Where(step => step.Metric is not null).Select(step => step.Step).ToArray());
        CollectionAssert.AreEqual(
            new long[] { 4, 8, 12, 16 }, heard.Where(state => state.IsValidation).Select(state => state.Step).ToArray());
        Assert.AreEqual(
            result.History.Steps.Skip(7).Take(10).Average(step => step.Loss), heard.Last(state => state.Step == 17).RecentLoss, 1e-12);
        using var last = new TinyGmt(WithDropout);
        new GmtTrainer(last.Model, Options with { NumberOfEpochs = 6 }).Train(Rows);
        using var scope = NewDisposeScope();
        foreach (((string name, Tensor kept), (_, Tensor expected)) in tiny.Model.NamedParameters().Zip(last.Model.NamedParameters()))
        {
            Assert.AreEqual(0f, (kept - expected).abs().max().item<float>(), name);
        }
    }

    [TestMethod]
    public void Validation_loss_is_a_mean_over_tokens_or_as_the_Trainer_has_it_over_batches_of_eight_rows()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var tiny = new TinyGmt();
        TokenizedRow[] rows = [.. Rows[..10].Select((row, i) => row with { ContextLength = i < 7 ? 3 : 1 })];
        using var byTokens = new GmtStep(tiny.Model, Options with { BatchSize = 8, MicroBatchSize = 8 }, new RandomStreams(1), 1);
        using var byBatches = new GmtStep(tiny.Model, Options with { AverageValidationBatches = true }, new RandomStreams(1), 1);
        double first = byTokens.Measure(rows[..8], default), second = byTokens.Measure(rows[8..], default);
        int tokens = rows[..8].Sum(row => row.LabelCount), others = rows[8..].Sum(row => row.LabelCount);
        Assert.AreEqual(((first * tokens) + (second * others)) / (tokens + others), byTokens.Measure(rows, default), 1e-6);
        Assert.AreEqual(((first * 8) + (second * 2)) / 10, byBatches.Measure(rows, default), 1e-6);
        Assert.AreNotEqual(byTokens.Measure(rows, default), byBatches.Measure(rows, default), 1e-4);
    }

    [TestMethod]
    public void Cancellation_keeps_what_was_learned_and_a_checkpoint_goes_on_to_the_same_bits()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var scope = NewDisposeScope();
        string path = Path.Combine(Path.GetTempPath(), $"gmt-{Guid.NewGuid():n}.safetensors");
        try
        {
            Tensor uninterrupted = Weights(Options);
            foreach (int stopAfter in new[] { 1, 3, 4, 8 })
            {
                using var source = new CancellationTokenSource();
                GmtTrainingOptions options = Options with { Checkpoint = new TrainingCheckpointOptions { Path = path } };
                using (var tiny = new TinyGmt(WithDropout))
                {
                    var stopping = new Listener<TrainingProgress>(progress =>
                    {
                        if (progress.Step == stopAfter)
                        {
                            source.Cancel();
                        }
                    });
                    TrainingResult result = new GmtTrainer(
                        tiny.Model, options with { Progress = stopping }).Train(Rows, null, source.Token);
                    Assert.IsTrue(result.IsCancelled);
                    Assert.HasCount(stopAfter, result.History.Steps);
                }

                Tensor resumed = Weights(options with { Checkpoint = options.Checkpoint with { Resume = true } });
                Near.Absolute(uninterrupted, resumed, 0, $"weights after a stop at step {stopAfter}");
                using var different = new TinyGmt(WithDropout);
                string message = Assert.ThrowsExactly<GmtFileException>(() =>
                    new GmtTrainer(
                        different.Model,
                        options with { LearningRate = 0.02, Checkpoint = options.Checkpoint with { Resume = true } }).Train(Rows)).Message;
                StringAssert.Contains(message, "learning rate was 0.01 and is 0.02");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Rows_that_cannot_be_learned_from_are_named_or_counted()
    {
        using var tiny = new TinyGmt();
        GmtTrainer trainer = new(tiny.Model, Options with { NumberOfEpochs = 1 });
        Assert.AreEqual(1, trainer.Train([.. Rows, Rows[0] with { ContextLength = 4 }]).RowsWithoutLabels);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Train([Row(new Triple(0, 0, 9), Yes)])).Message, "entities");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Train([Rows[0], Row(new Triple(0, 0, 1), 999)])).Message,
            "training row 1");
    }

    [TestMethod]
    public void Nothing_stays_behind()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        void Work()
        {
            using var tiny = new TinyGmt(WithDropout);
            new GmtTrainer(tiny.Model, Options).Train(Rows, Rows);
        }

        Work();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Work();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static TokenizedRow Row(Triple triple, int answer) => new([1, 7, 9, answer], 3, triple);

    private static Tensor Weights(GmtTrainingOptions options, bool dropout = true)
    {
        using var scope = NewDisposeScope();
        using var tiny = dropout ? new TinyGmt(WithDropout) : new TinyGmt(graphDropout: 0);
        new GmtTrainer(tiny.Model, options).Train(Rows);
        return cat([.. tiny.Model.NamedParameters().Select(pair => pair.Parameter.detach().flatten())]).MoveToOuterDisposeScope();
    }
}
