using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Tests.Training;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>Stage 2 in several ranks against one.</summary>
[TestClass]
public sealed class GmtRanksTests
{
    private const int Yes = 3, No = 4;

    // Ten rows: the last step of an epoch has two micro batches, so that of three ranks one has none.
    private static GmtTrainingOptions Options => new()
    {
        NumberOfEpochs = 7,
        BatchSize = 4,
        MicroBatchSize = 1,
        LearningRate = 0.001, // Adam moves weights whose gradients are rounding noise as far as others
        WarmupSteps = 2,
        TrainGraphModule = true,
        Seed = 3,
    };

    private static TokenizedRow[] Rows =>
    [
        .. TinyGmt.People().Triples(GraphSplit.Train).ToArray().Select(triple => Row(triple, Yes)),
        .. new Triple[] { new(5, 0, 0), new(5, 1, 5), new(3, 0, 5), new(4, 0, 5) }.Select(triple => Row(triple, No)),
    ];

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void The_gradients_of_a_divided_micro_batch_are_those_of_one_rank(int size) => Divided.CheckGradients(size);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Twenty_steps_of_gradient_descent_end_with_the_weights_of_one_rank(int size) => Divided.CheckDescent(size);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Twenty_steps_of_Adam_differ_from_one_rank_by_rounding(int size) => Divided.CheckOptimizer(size);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void A_reproducible_run_has_the_bits_of_one_rank(int size) => DividedTask(reproducible: true).CheckBits(size);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void The_gradients_of_the_first_step_are_those_of_one_rank(int size)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        Dictionary<string, float[]> alone = FirstGradients(SingleRank.Instance);
        Dictionary<string, float[]>[] together = Ranks.Run(size, FirstGradients);
        Assert.IsNotEmpty(alone);

        // Gradients that cancel out in exact arithmetic are rounding noise of the others.
        double noise = 1e-7 * Math.Sqrt(alone.Values.Sum(tensor => tensor.Sum(value => (double)value * value)));
        foreach ((string name, float[] expected) in alone)
        {
            double norm = Math.Sqrt(expected.Sum(value => (double)value * value));
            foreach (Dictionary<string, float[]> rank in together)
            {
                double off = Math.Sqrt(expected.Zip(rank[name]).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)));
                Assert.IsLessThanOrEqualTo((1e-5 * norm) + noise, off, $"{name}, noise {noise}");
                CollectionAssert.AreEqual(together[0][name], rank[name], "the same bits in all ranks");
            }
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void The_losses_of_a_run_are_those_of_one_rank(int size)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        Run alone = Train(SingleRank.Instance, Options, withValidation: true);
        Run[] together = Ranks.Run(size, ranks => Train(ranks, Options, withValidation: true));
        Assert.HasCount(21, alone.Losses);
        foreach (Run rank in together)
        {
            for (int step = 0; step < alone.Losses.Length; step++)
            {
                Assert.AreEqual(alone.Losses[step], rank.Losses[step], 1e-4, $"step {step}");
            }

            Assert.HasCount(7, rank.Metrics);
            CollectionAssert.AreEqual(together[0].Losses, rank.Losses);
            CollectionAssert.AreEqual(together[0].Metrics, rank.Metrics, "rank 0's validation counts in all");
            CollectionAssert.AreEqual(together[0].Weights, rank.Weights, "the same bits in all ranks");
            Assert.AreEqual(alone.Metrics[0], rank.Metrics[0], 1e-4);
        }

        Assert.AreEqual(7 * Rows.Length, together.Sum(rank => rank.Rows), "each row once an epoch, in one of the ranks");
        Run[] again = Ranks.Run(size, ranks => Train(ranks, Options, withValidation: true));
        CollectionAssert.AreEqual(together[0].Weights, again[0].Weights, "the same bits in two runs");
    }

    [TestMethod]
    public void Dropout_is_another_in_each_rank_and_the_same_in_all_numbers_of_them()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        Run[] two = Ranks.Run(2, ranks => Train(ranks, Options, dropout: 0.3));
        Run[] three = Ranks.Run(3, ranks => Train(ranks, Options, dropout: 0.3));
        for (int step = 0; step < 5; step++)
        {
            Assert.AreEqual(two[0].Losses[step], three[0].Losses[step], 1e-4, $"step {step}");
        }

        // Five rows of several lengths in one micro batch, which two ranks and three divide otherwise.
        GmtTrainingOptions divided = Options with { BatchSize = 5, MicroBatchSize = 5 };
        Run[] halves = Ranks.Run(2, ranks => Train(ranks, divided, dropout: 0.3, rows: Ragged));
        Run[] thirds = Ranks.Run(3, ranks => Train(ranks, divided, dropout: 0.3, rows: Ragged));
        for (int step = 0; step < 5; step++)
        {
            Assert.AreEqual(halves[0].Losses[step], thirds[0].Losses[step], 1e-4, $"step {step}");
        }

        // Equal rows in all micro batches: equal masks would give every micro batch the same loss, and so the whole step.
        GmtTrainingOptions first = Options with { NumberOfEpochs = 1 };
        TokenizedRow[] same = [.. Enumerable.Repeat(Rows[0], 2)];
        double Loss(int count) => Ranks.Run(
            2, ranks => Train(ranks, first with { BatchSize = count }, dropout: 0.3, rows: [.. same.Take(count)]).Losses[0])[0];
        Assert.AreNotEqual(Loss(1), Loss(2));
    }

    [TestMethod]
    public void A_cancellation_of_any_rank_ends_all_at_one_step_and_another_number_of_ranks_goes_on()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        Run[] whole = Ranks.Run(2, ranks => Train(ranks, Options));
        foreach (int size in new[] { 1, 2, 3 })
        {
            TrainingCheckpointOptions checkpoint = new() { Path = folder[$"state{size}"], Interval = TimeSpan.FromHours(1) };
            using CancellationTokenSource second = new();
            GmtTrainingOptions stopping = Options with
            {
                Checkpoint = checkpoint,
                Progress = new Listener<TrainingProgress>(report =>
                {
                    if (report.Step == 4)
                    {
                        second.Cancel();
                    }
                }),
            };
            Run[] stopped = Ranks.Run(2, ranks => Train(ranks, stopping, token: ranks.Rank == 1 ? second.Token : default));
            Assert.IsTrue(Array.TrueForAll(stopped, rank => rank.IsCancelled));
            Assert.AreEqual(stopped[0].Losses.Length, stopped[1].Losses.Length);
            Assert.IsInRange(4, 5, stopped[0].Losses.Length);
            GmtTrainingOptions resuming = Options with { Checkpoint = checkpoint with { Resume = true } };
            Run[] resumed = Ranks.Run(size, ranks => Train(ranks, resuming));
            for (int step = 0; step < whole[0].Losses.Length; step++)
            {
                Assert.AreEqual(whole[0].Losses[step], resumed[^1].Losses[step], size == 2 ? 0 : 1e-4, $"step {step} of {size} ranks");
            }

            if (size == 2)
            {
                CollectionAssert.AreEqual(whole[0].Weights, resumed[1].Weights, "the bits of a run that never stopped");
            }
        }
    }

    [TestMethod]
    public void Early_stopping_is_the_same_in_all_ranks()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        GmtTrainingOptions options = Options with { NumberOfEpochs = 30, EarlyStoppingPatience = 2 };
        TokenizedRow[] contrary = [.. Rows.Select(row => Row(row.Triple, row.Ids[^1] == Yes ? No : Yes))];
        Run[] ranks = Ranks.Run(2, ranks => Train(ranks, options, validation: contrary));
        Assert.IsLessThan(90, ranks[0].Losses.Length);
        Assert.AreEqual(ranks[0].Losses.Length, ranks[1].Losses.Length);
        CollectionAssert.AreEqual(ranks[0].Weights, ranks[1].Weights);
    }

    [TestMethod]
    [DataRow("learning rate")]
    [DataRow("training rows")]
    [DataRow("initial weights")]
    public void A_rank_that_would_compute_otherwise_is_refused_with_the_difference(string what)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        Exception?[] failures = Ranks.Failures(Ranks.Options(2), ranks => Train(
            ranks, what == "learning rate" && ranks.Rank == 1 ? Options with { LearningRate = 0.02 } : Options,
            rows: what == "training rows" && ranks.Rank == 1 ? Rows[1..] : null,
            closedGates: what == "initial weights" && ranks.Rank == 1));
        foreach (Exception? failure in failures)
        {
            Assert.IsInstanceOfType<CollectiveException>(failure);
            StringAssert.Contains(failure.Message, $"rank 1 cannot take part: {what} is ");
        }
    }

    [TestMethod]
    public void A_rank_without_the_checkpoint_is_refused()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        GmtTrainingOptions kept = Options with
        {
            NumberOfEpochs = 1,
            Checkpoint = new TrainingCheckpointOptions { Path = folder["state"], KeepsEnd = true },
        };
        Train(SingleRank.Instance, kept);
        Exception?[] failures = Ranks.Failures(Ranks.Options(2), ranks => Train(ranks, kept with
        {
            Checkpoint = new TrainingCheckpointOptions { Path = folder[ranks.Rank == 0 ? "state" : "elsewhere"], Resume = true },
        }));
        StringAssert.Contains(failures[1]!.Message, "a file that all ranks must see, is 0 there and 3 on rank 0");
    }

    /// <summary>Rows of several lengths, of some of which all tokens are predicted.</summary>
    private static TokenizedRow[] Ragged =>
    [
        .. Rows.Select((row, i) => new TokenizedRow(
            [1, .. Enumerable.Repeat(7 + (i % 5), i % 4), 9, row.Ids[^1]], i % 3 == 0 ? 0 : 2 + (i % 4), row.Triple)),
    ];

    /// <summary>Ten rows in two micro batches, then seven rows in two.</summary>
    private static RankedTask<IReadOnlyList<IReadOnlyList<TokenizedRow>>> Divided => DividedTask(reproducible: false);

    private static RankedTask<IReadOnlyList<IReadOnlyList<TokenizedRow>>> DividedTask(bool reproducible) => new(
        (ranks, rate) =>
        {
            TinyGmt tiny = Model(dropout: reproducible ? 0.2 : 0);
            GmtTrainingOptions options = Options with
            {
                BatchSize = 10,
                MicroBatchSize = 5,
                LearningRate = rate * 0.001,
                MaxGradientNorm = 1e9,
                NumberOfEpochs = 20,
                Reproducible = reproducible,
            };
            var task = new GmtTrainingTask(tiny.Model, options, [.. Ragged, .. Ragged[..7]], [], ranks: ranks);
            return (task, [task, tiny]);
        },
        batch => [.. batch.Select(rows => rows.Reverse().ToArray())]);

    private static TokenizedRow Row(Triple triple, int answer) => new([1, 7, 9, answer], 3, triple);

    private static TinyGmt Model(double dropout, bool closedGates = false) => new(
        TinyGmt.Options with { Lora = new LoraOptions { Rank = 2, Alpha = 4, Dropout = dropout } }, openGates: !closedGates,
        graphDropout: dropout);

    /// <summary>Adam's first average is a tenth of the gradient, which is not clipped here.</summary>
    private static Dictionary<string, float[]> FirstGradients(ICollective ranks)
    {
        using var scope = NewDisposeScope();
        using TinyGmt tiny = Model(dropout: 0);
        using var step = new GmtStep(tiny.Model, Options with { MaxGradientNorm = 1e9 }, new RandomStreams(3), 10, ranks: ranks);
        step.Take([.. Rows.Take(6).Chunk(1)], 0);
        return step.Gradients.States.SelectMany(state => state.State.State())
            .Where(pair => pair.Key.EndsWith(".exp_avg", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value.data<float>().ToArray());
    }

    private static Run Train(
        ICollective ranks, GmtTrainingOptions options, double dropout = 0, bool withValidation = false, TokenizedRow[]? rows = null,
        TokenizedRow[]? validation = null, bool closedGates = false, CancellationToken token = default)
    {
        using var scope = NewDisposeScope();
        using TinyGmt tiny = Model(dropout, closedGates);
        TrainingResult result = new GmtTrainer(tiny.Model, options) { Ranks = ranks }
            .Train(rows ?? Rows, validation ?? (withValidation ? Rows : null), token);
        return new Run(
            [.. result.History.Steps.Select(step => step.Loss)],
            [.. result.History.Steps.Where(step => step.Metric is not null).Select(step => step.Metric!.Value)],
            [.. tiny.Model.NamedParameters().SelectMany(pair => pair.Parameter.detach().data<float>().ToArray())],
            result.RowsTaken, result.IsCancelled);
    }

    private sealed record Run(double[] Losses, double[] Metrics, float[] Weights, long Rows, bool IsCancelled);
}
