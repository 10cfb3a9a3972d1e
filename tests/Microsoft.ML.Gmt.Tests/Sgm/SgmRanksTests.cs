using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Tests.Training;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>Stage 1 in several ranks against one, dropout masks included: they belong to states.</summary>
[TestClass]
public sealed class SgmRanksTests
{
    private static readonly KnowledgeGraph s_graph = Graphs.Random(entities: 60, relations: 4, triples: 101);

    private static Triple[] Triples => s_graph.Triples(GraphSplit.Train).ToArray();

    public static IEnumerable<object[]> Cases =>
        from contextsTrain in new[] { false, true }
        from mask in contextsTrain ? new[] { QueryMask.Full } : [QueryMask.None, QueryMask.Full]
        from size in new[] { 2, 3, 4 }
        select new object[] { mask, contextsTrain, size };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_gradients_of_the_first_step_are_those_of_one_rank(QueryMask mask, bool contextsTrain, int size) =>
        Task(mask, contextsTrain).CheckGradients(size);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Twenty_steps_of_gradient_descent_end_with_the_weights_of_one_rank(QueryMask mask, bool contextsTrain, int size) =>
        Task(mask, contextsTrain).CheckDescent(size);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Twenty_steps_of_Adam_differ_from_one_rank_by_rounding(QueryMask mask, bool contextsTrain, int size) =>
        Task(mask, contextsTrain).CheckOptimizer(size);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_reproducible_run_has_the_bits_of_one_rank(QueryMask mask, bool contextsTrain, int size) =>
        Task(mask, contextsTrain, reproducible: true).CheckBits(size);

    [TestMethod]
    public void A_run_that_goes_on_with_another_number_of_ranks_has_the_masks_of_one_that_never_stopped()
    {
        using var folder = new TemporaryFolder();
        TrainingResult alone = Train(SingleRank.Instance, Options(QueryMask.Full));
        TrainingCheckpointOptions kept = new() { Path = folder["state"], Interval = TimeSpan.FromHours(1) };
        using CancellationTokenSource first = new();
        SgmTrainingOptions stopping = Options(QueryMask.Full) with
        {
            Checkpoint = kept,
            Progress = new Listener<TrainingProgress>(report =>
            {
                if (report.Step == 7)
                {
                    first.Cancel();
                }
            }),
        };
        TrainingResult[] stopped = Ranks.Run(3, ranks => Train(ranks, stopping, token: ranks.Rank == 0 ? first.Token : default));
        Assert.IsTrue(stopped[2].IsCancelled);
        SgmTrainingOptions resuming = stopping with { Checkpoint = kept with { Resume = true }, Progress = null };
        TrainingResult[] resumed = Ranks.Run(2, ranks => Train(ranks, resuming));
        Assert.HasCount(alone.History.Steps.Count, resumed[1].History.Steps);
        for (int step = 0; step < alone.History.Steps.Count; step++)
        {
            Assert.AreEqual(alone.History.Steps[step].Loss, resumed[1].History.Steps[step].Loss, 1e-4, $"step {step}");
        }

        Assert.AreEqual(alone.BestMetric!.Value, resumed[1].BestMetric!.Value, 1e-3);
        Assert.AreEqual(resumed[0].BestMetric, resumed[1].BestMetric);
    }

    [TestMethod]
    public void A_rank_with_another_graph_is_refused_with_the_difference()
    {
        Exception?[] failures = Ranks.Failures(Ranks.Options(2), ranks => Train(
            ranks, Options(QueryMask.Full), graph: ranks.Rank == 1 ? Graphs.Random(entities: 60, relations: 4, triples: 100) : null));
        foreach (Exception? failure in failures)
        {
            Assert.IsInstanceOfType<CollectiveException>(failure);
            StringAssert.Contains(failure.Message, "rank 1 cannot take part: ");
            StringAssert.Contains(failure.Message, "triples");
        }
    }

    // 13 triples a step; the last step of an epoch has 10 of them.
    private static SgmTrainingOptions Options(QueryMask mask, double rate = 1) => new SgmTrainingOptions
    {
        BatchSize = 13,
        NumberOfEpochs = 3,
        NegativesPerPositive = 4,
        LearningRate = rate * 0.003,
        Mask = mask,
        Seed = 3,
    }.Settled(Triples.Length);

    private static SgmModule Module(bool contextsTrain) => contextsTrain
        ? SgmModels.Trainable(s_graph, dropout: 0.2)
        : SgmModels.Create(s_graph, new SgmOptions { GraphDimension = 8, Layers = 2, Heads = 2, TopK = 3, Dropout = 0.2 }, 8);

    private static RankedTask<(Triple[] Positives, Triple[] Negatives)> Task(
        QueryMask mask, bool contextsTrain, bool reproducible = false) => new(
        (ranks, rate) =>
        {
            SgmModule module = Module(contextsTrain);
            SgmTrainingOptions options = Options(mask, rate) with { Reproducible = reproducible };
            var task = new SgmTrainingTask(module, s_graph, new GraphEdgeStateIndex(s_graph, module), options, Triples, [], ranks);
            return (task, [task, module]);
        },
        batch =>
        {
            int each = batch.Negatives.Length / batch.Positives.Length;
            return ([.. batch.Positives.Reverse()], [.. batch.Negatives.Chunk(each).Reverse().SelectMany(triples => triples)]);
        });

    private static TrainingResult Train(
        ICollective ranks, SgmTrainingOptions options, KnowledgeGraph? graph = null, CancellationToken token = default)
    {
        using SgmModule module = Module(contextsTrain: false);
        return new SgmTrainer(module, graph ?? s_graph, options) { Ranks = ranks }.Train(null, Triples[..20], null, token);
    }
}
