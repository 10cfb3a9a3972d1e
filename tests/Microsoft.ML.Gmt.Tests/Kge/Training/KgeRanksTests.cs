using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Tests.Training;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Kge;

/// <summary>Embeddings in several ranks against one.</summary>
[TestClass]
public sealed class KgeRanksTests
{
    private static readonly KnowledgeGraph s_graph = Graphs.Random(entities: 30, relations: 3, triples: 101);

    private static Triple[] Triples => s_graph.Triples(GraphSplit.Train).ToArray();

    public static IEnumerable<object[]> Cases =>
        from loss in Enum.GetValues<KgeLoss>()
        from size in new[] { 2, 3, 4 }
        select new object[] { loss, size };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_gradients_of_the_first_step_are_those_of_one_rank(KgeLoss loss, int size) => Task(loss).CheckGradients(size);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Twenty_steps_of_gradient_descent_end_with_the_weights_of_one_rank(KgeLoss loss, int size) => Task(loss).CheckDescent(size);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Twenty_steps_of_Adam_differ_from_one_rank_by_rounding(KgeLoss loss, int size) => Task(loss).CheckOptimizer(size);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_reproducible_run_has_the_bits_of_one_rank(KgeLoss loss, int size) => Task(loss, reproducible: true).CheckBits(size);

    [TestMethod]
    public void Parts_of_a_batch_are_its_queries_once_in_their_order()
    {
        foreach (KgeLoss loss in Enum.GetValues<KgeLoss>())
        {
            KgeTrainingOptions options = Options(loss);
            KgeBatch batch = new KgeBatches(s_graph, Triples, options, new RandomStreams(3)).Epoch(0).First();
            foreach (int size in new[] { 1, 2, 3, batch.Count, batch.Count + 1 })
            {
                KgeBatch[] parts = [.. Enumerable.Range(0, size).Select(rank => batch.Part(RowShare.Of(rank, size, batch.Count)))];
                CollectionAssert.AreEqual(batch.Given, parts.SelectMany(part => part.Given).ToArray());
                CollectionAssert.AreEqual(batch.Relations, parts.SelectMany(part => part.Relations).ToArray());
                CollectionAssert.AreEqual(Asked(batch), parts.SelectMany(Asked).ToArray());
                Assert.AreEqual(batch.TailQueries, parts.Sum(part => part.TailQueries));
                Assert.AreEqual(batch.Answers.Length, parts.Sum(part => part.AnswerCount), 1e-9);
                if (batch.Candidates is { } candidates)
                {
                    CollectionAssert.AreEqual(candidates, parts.SelectMany(part => part.Candidates!).ToArray());
                }
            }
        }
    }

    [TestMethod]
    public void A_run_validates_in_rank_0_and_another_number_of_ranks_goes_on_with_it()
    {
        using var folder = new TemporaryFolder();
        KgeTrainingOptions options = Options(KgeLoss.NegativeSampling) with { NumberOfEpochs = 4 };
        (TrainingResult Result, float[] Weights) alone = Train(SingleRank.Instance, options);
        KgeTrainingOptions half = options with
        {
            Checkpoint = new TrainingCheckpointOptions { Path = folder["state"], Interval = TimeSpan.FromHours(1) },
        };
        using CancellationTokenSource second = new();
        half = half with
        {
            Progress = new Listener<TrainingProgress>(report =>
            {
                if (report.Step == 5)
                {
                    second.Cancel();
                }
            }),
        };
        (TrainingResult Result, float[] Weights)[] stopped =
            Ranks.Run(2, ranks => Train(ranks, half, ranks.Rank == 1 ? second.Token : default));
        Assert.IsTrue(Array.TrueForAll(stopped, rank => rank.Result.IsCancelled));
        KgeTrainingOptions resuming = half with { Checkpoint = half.Checkpoint! with { Resume = true }, Progress = null };
        (TrainingResult Result, float[] Weights)[] together = Ranks.Run(3, ranks => Train(ranks, resuming));
        Assert.HasCount(alone.Result.History.Steps.Count, together[2].Result.History.Steps);
        Assert.AreEqual(alone.Result.BestMetric!.Value, together[2].Result.BestMetric!.Value, 1e-4);
        Assert.AreEqual(together[0].Result.BestMetric, together[2].Result.BestMetric);
        CollectionAssert.AreEqual(together[0].Weights, together[2].Weights);
        Assert.AreEqual(
            4L * alone.Result.RowsPerEpoch, stopped.Concat(together).Sum(rank => rank.Result.RowsTaken), "each row once an epoch");
    }

    [TestMethod]
    [DataRow("model")]
    [DataRow("training triples")]
    [DataRow("label smoothing")]
    public void A_rank_that_would_compute_otherwise_is_refused_with_the_difference(string what)
    {
        KgeTrainingOptions options = Options(KgeLoss.OneVsAll);
        Exception?[] failures = Ranks.Failures(Ranks.Options(2), ranks =>
        {
            bool differs = ranks.Rank == 1;
            KgeModel model = differs && what == "model" ? KgeModel.DistMult : KgeModel.ComplEx;
            KgeTrainingOptions own = differs && what == "label smoothing" ? options with { LabelSmoothing = 0.1 } : options;
            using KgeModule module = KgeModels.Create(own.ShapeOf(model), s_graph.Bounds);
            KgeTrainer.Train(module, s_graph, own, differs && what == "training triples" ? Triples[1..] : Triples, [], ranks);
        });
        foreach (Exception? failure in failures)
        {
            Assert.IsInstanceOfType<CollectiveException>(failure);
            StringAssert.Contains(failure.Message, "rank 1 cannot take part: ");
            StringAssert.Contains(failure.Message, $"{what} is ");
        }
    }

    private static long[] Asked(KgeBatch batch) =>
        [.. batch.AnswerRows.Select((row, i) => (((batch.Given[row] * 100) + batch.Relations[row]) * 100) + batch.Answers[i])];

    private static (TrainingResult Result, float[] Weights) Train(
        ICollective ranks, KgeTrainingOptions options, CancellationToken token = default)
    {
        using KgeModule module = KgeModels.Create(options.ShapeOf(KgeModel.ComplEx), s_graph.Bounds);
        TrainingResult result = KgeTrainer.Train(module, s_graph, options, Triples, Triples[..20], ranks, token);
        return (result, [.. module.named_parameters().SelectMany(pair => pair.parameter.data<float>().ToArray())]);
    }

    // 19 queries a step, so that no number of ranks divides them; the last step of an epoch has fewer queries than four ranks.
    private static KgeTrainingOptions Options(KgeLoss loss, double rate = 1) => KgeTrainer.Settle(
        new KgeTrainingOptions
        {
            Loss = loss,
            EmbeddingDimension = 7,
            BatchSize = 19,
            NumberOfEpochs = 20,
            NegativesPerPositive = 5,
            Optimizer = KgeOptimizer.Adam,
            LearningRate = rate * 0.01,
            Regularizer = KgeRegularizer.N3,
            RegularizationWeight = 0.05,
            Seed = 3,
        },
        KgeModel.ComplEx, s_graph, Triples);

    private static RankedTask<KgeBatch> Task(KgeLoss loss, bool reproducible = false) => new(
        (ranks, rate) =>
        {
            KgeTrainingOptions options = Options(loss, rate) with { Reproducible = reproducible };
            KgeModule module = KgeModels.Create(options.ShapeOf(KgeModel.ComplEx), s_graph.Bounds);
            var task = new KgeTrainingTask(module, s_graph, options, Triples, [], ranks);
            return (task, [task, module]);
        },
        Backwards);

    /// <summary>Queries for tails still come first.</summary>
    private static KgeBatch Backwards(KgeBatch batch)
    {
        int[] order =
        [
            .. Enumerable.Range(0, batch.TailQueries).Reverse(),
            .. Enumerable.Range(batch.TailQueries, batch.Count - batch.TailQueries).Reverse(),
        ];
        (long Row, long Answer)[] answers =
        [
            .. order.SelectMany((old, row) => batch.AnswerRows.Zip(batch.Answers).Where(pair => pair.First == old)
                .Select(pair => ((long)row, pair.Second))),
        ];
        int candidates = batch.Candidates is null ? 0 : batch.Candidates.Length / batch.Count;
        return new KgeBatch(
            [.. order.Select(old => batch.Given[old])], [.. order.Select(old => batch.Relations[old])], batch.TailQueries,
            [.. answers.Select(pair => pair.Row)], [.. answers.Select(pair => pair.Answer)],
            batch.Candidates is null ? null
                : [.. order.SelectMany(old => batch.Candidates.Skip(old * candidates).Take(candidates))]);
    }
}
