using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Tests.Training;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>Path models in several ranks against one.</summary>
[TestClass]
public sealed class PathRanksTests
{
    private static readonly KnowledgeGraph s_graph = Graphs.Random(entities: 30, relations: 3, triples: 101);

    private static Triple[] Triples => s_graph.Triples(GraphSplit.Train).ToArray();

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void The_gradients_of_the_first_step_are_those_of_one_rank(int size) => Task.CheckGradients(size);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Twenty_steps_of_gradient_descent_end_with_the_weights_of_one_rank(int size) => Task.CheckDescent(size);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Twenty_steps_of_Adam_differ_from_one_rank_by_rounding(int size) => Task.CheckOptimizer(size);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void A_reproducible_run_has_the_bits_of_one_rank(int size) => Reproducible.CheckBits(size);

    [TestMethod]
    public void All_ranks_have_the_same_model_and_the_figures_of_rank_0()
    {
        PathTrainingOptions options = Options() with { NumberOfEpochs = 2 };
        (PathModel model, TrainingResult result)[] together =
            Ranks.Run(2, ranks => PathTrainer.Train(s_graph, null, options, Triples, Triples[..20], ranks));
        (_, TrainingResult alone) = PathTrainer.Train(s_graph, null, options, Triples, Triples[..20]);
        Assert.AreEqual(together[0].result.BestMetric, together[1].result.BestMetric);
        Assert.AreEqual(alone.BestMetric!.Value, together[1].result.BestMetric!.Value, 1e-4);
        Assert.AreEqual(2L * alone.RowsPerEpoch, together.Sum(rank => rank.result.RowsTaken), "each question once an epoch");
        CollectionAssert.AreEqual(Scores(together[0].model), Scores(together[1].model));
    }

    [TestMethod]
    public void A_rank_with_other_options_is_refused_with_the_difference()
    {
        Exception?[] failures = Ranks.Failures(Ranks.Options(2), ranks => PathTrainer.Train(
            s_graph, null, ranks.Rank == 1 ? Options() with { QuestionsPerQuery = 2 } : Options(), Triples, [], ranks));
        foreach (Exception? failure in failures)
        {
            Assert.IsInstanceOfType<CollectiveException>(failure);
            StringAssert.Contains(failure.Message, "rank 1 cannot take part: questions per query is 2 there and 4 on rank 0");
        }
    }

    private static float[] Scores(PathModel model)
    {
        using var scorer = new PathScorer(model, s_graph);
        float[] scores = new float[Triples.Length];
        scorer.Score(Triples, QueryMask.Full, scores);
        return scores;
    }

    private static RankedTask<PathTrainingQuery[]> Task => NewTask(reproducible: false);

    private static RankedTask<PathTrainingQuery[]> Reproducible => NewTask(reproducible: true);

    private static RankedTask<PathTrainingQuery[]> NewTask(bool reproducible) => new(
        (ranks, rate) =>
        {
            PathTrainingOptions options = Options(rate) with { Reproducible = reproducible };
            MessageGraph messages = EntityMessages.Build(s_graph);
            var module = TrainedModule.Create(PathTrainer.ShapeOf(options, s_graph), messages, new RandomStreams(3));
            var task = new PathTrainingTask(
                module, s_graph, messages, PathModelOrigin.TrainedFrom(null), options, Triples, [], ranks);
            return (task, [task, module]);
        },
        batch => [.. batch.Reverse()]);

    // 19 questions a step, so that no number of ranks divides them.
    private static PathTrainingOptions Options(double rate = 1) => new PathTrainingOptions
    {
        StateDimension = 16,
        HiddenDimension = 16,
        NumberOfLayers = 2,
        NumberOfEpochs = 20,
        BatchSize = 19,
        WarmupSteps = 2,
        LearningRate = rate * 0.01,
        MaxGradientNorm = 1e6,
        Seed = 3,
    }.Settle(isFineTuning: false, Triples);
}
