using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class SgmTrainerTests
{
    private static readonly SgmTrainingOptions Fast = new()
    {
        NumberOfEpochs = 3,
        BatchSize = 16,
        NegativesPerPositive = 4,
        LearningRate = 3e-3,
    };

    [TestMethod]
    public void Training_lowers_the_loss_and_lifts_the_rank_of_true_triples()
    {
        KnowledgeGraph graph = Graphs.Typed();
        using SgmModule module = SgmModels.Trainable(graph);
        double before = MeanReciprocalRank(module, graph);
        TrainingResult result = new SgmTrainer(module, graph, Fast with { NumberOfEpochs = 15 }).Train();
        Assert.IsLessThan(result.History.EpochLosses[0] * 0.8, result.History.EpochLosses[^1]);
        Assert.IsGreaterThan(before * 1.5, MeanReciprocalRank(module, graph));
    }

    [TestMethod]
    public void A_module_with_nothing_to_train_is_refused()
    {
        KnowledgeGraph graph = Graphs.Typed();
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = 0 }, 8);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new SgmTrainer(module, graph, Fast)).Message, "nothing to train");
    }

    [TestMethod]
    public void One_seed_gives_one_result_and_another_number_of_threads_changes_its_rounding_only()
    {
        KnowledgeGraph graph = Graphs.Typed();
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            Dictionary<string, float[]> single = Weights(graph, 5);
            set_num_threads(2);
            Dictionary<string, float[]> parallel = Weights(graph, 5), again = Weights(graph, 5), other = Weights(graph, 6);
            foreach ((string name, float[] values) in single)
            {
                CollectionAssert.AreEqual(parallel[name], again[name], name);

                // The matrix products of libtorch may split their sums otherwise on two threads.
                Assert.IsLessThan(1e-4f, values.Zip(parallel[name], (a, b) => Math.Abs(a - b)).Max(), name);
            }

            Assert.IsTrue(
                single.Any(pair => pair.Value.Zip(other[pair.Key], (a, b) => Math.Abs(a - b)).Max() > 1e-2f),
                "another seed changes the weights");
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [TestMethod]
    public void Masked_training_scores_triples_that_do_not_see_themselves()
    {
        KnowledgeGraph graph = Graphs.Typed();
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 16, Layers = 1, TopK = 4, Dropout = 0 }, 16);
        var streams = new RandomStreams(3);
        SgmTrainingOptions options = Fast with { NumberOfEpochs = 1, Seed = 3, BatchSize = 1000 };
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        (Triple[] positives, Triple[] negatives) = new TripleBatches(graph, triples, options, streams).Epoch(0).First();
        TripleQuery[] hiding =
        [
            .. negatives.Select((negative, row) => new TripleQuery(negative, positives[row / options.NegativesPerPositive])),
        ];
        GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
        using var scope = NewDisposeScope();
        foreach (QueryMask mask in new[] { QueryMask.None, QueryMask.Compatible, QueryMask.Full })
        {
            Tensor loss = LogisticLoss.Of(
                new SgmForward(module, states).Score(TripleQuery.Of(positives), mask), new SgmForward(module, states).Score(hiding, mask));
            using SgmModule trained = SgmModels.Create(graph, module.Options, 16);
            Assert.AreEqual(
                loss.item<float>(), new SgmTrainer(trained, graph, options with { Mask = mask }).Train().History.Steps[0].Loss, 1e-5,
                $"{mask}");
        }
    }

    [TestMethod]
    public void The_last_batch_counts_unless_the_reference_is_wanted()
    {
        KnowledgeGraph graph = Graphs.Typed();
        int triples = graph.Triples(GraphSplit.Train).Length;
        SgmTrainingOptions options = Fast with { NumberOfEpochs = 2, BatchSize = 60 };
        Assert.AreNotEqual(0, triples % options.BatchSize);
        Assert.HasCount(2 * ((triples / 60) + 1), Train(graph, options).History.Steps);
        Assert.HasCount(2 * (triples / 60), Train(graph, options with { DropLastBatch = true }).History.Steps);
        Assert.IsEmpty(Train(graph, options with { BatchSize = triples + 1, DropLastBatch = true }).History.Steps);
        Assert.HasCount(2, Train(graph, options with { BatchSize = triples + 1 }).History.Steps);
    }

    [TestMethod]
    public void Cancelling_ends_after_the_present_step_and_keeps_what_was_learned()
    {
        KnowledgeGraph graph = Graphs.Typed();
        using SgmModule module = SgmModels.Trainable(graph);
        float[] before = Copy(module)["layers.0.linear1.weight"];
        using var cancellation = new CancellationTokenSource();
        var progress = new Listener<TrainingProgress>(state =>
        {
            if (state.Step == 5)
            {
                cancellation.Cancel();
            }
        });
        TrainingResult result = new SgmTrainer(
            module, graph, Fast with { Progress = progress }).Train(cancellationToken: cancellation.Token);
        Assert.IsTrue(result.IsCancelled);
        Assert.HasCount(5, result.History.Steps);
        CollectionAssert.AreNotEqual(before, Copy(module)["layers.0.linear1.weight"]);
    }

    [TestMethod]
    public void Validation_keeps_the_best_epoch_and_patience_ends_the_training()
    {
        KnowledgeGraph graph = Graphs.Typed();
        using SgmModule module = SgmModels.Trainable(graph);

        // A rate so high that later epochs ruin the weights.
        SgmTrainingOptions options = Fast with { NumberOfEpochs = 40, LearningRate = 0.05, EarlyStoppingPatience = 3 };
        Triple[] validation = graph.Triples(GraphSplit.Validation).ToArray();
        TrainingResult result = new SgmTrainer(module, graph, options).Train(validationTriples: validation);
        Assert.IsTrue(result.IsStoppedEarly);
        double[] figures = [.. result.History.Steps.Where(step => step.Metric is not null).Select(step => step.Metric!.Value)];
        Assert.HasCount(result.BestEpoch!.Value + 3, figures);
        Assert.AreEqual(figures.Max(), result.BestMetric!.Value);
        Assert.AreEqual(figures.Max(), MeanReciprocalRank(module, graph), 1e-12, "the module has the best epoch's weights");
    }

    [TestMethod]
    public void Validation_ranks_under_the_mask_of_the_training()
    {
        // Validation by edges of the graph: without a mask they see themselves, and the figure tells nothing of other triples.
        KnowledgeGraph graph = Graphs.Typed();
        Triple[] validation = graph.Triples(GraphSplit.Train).ToArray()[..40];
        foreach (QueryMask mask in new[] { QueryMask.None, QueryMask.Compatible, QueryMask.Full })
        {
            using SgmModule module = SgmModels.Trainable(graph);
            var trainer = new SgmTrainer(module, graph, Fast with { NumberOfEpochs = 2, Mask = mask });
            TrainingResult result = trainer.Train(validationTriples: validation);
            using var scorer = new SgmScorer(module, graph) { OwnsModule = false };
            double Figure(QueryMask under) => EntityRanking.MeanReciprocalRank(
                EntityRanking.Rank(scorer, validation, new KnownTriples(graph, GraphSplit.Train, GraphSplit.Validation), under));
            Assert.AreEqual(Figure(mask), result.BestMetric!.Value, 1e-12, $"{mask}");
            if (mask != QueryMask.None)
            {
                Assert.AreNotEqual(Figure(QueryMask.None), result.BestMetric.Value, 1e-3, $"{mask}: what the edges leak is not counted");
            }
        }
    }

    [TestMethod]
    public void Progress_tells_steps_epochs_and_loss()
    {
        KnowledgeGraph graph = Graphs.Typed();
        List<TrainingProgress> heard = [];
        TrainingResult result = Train(graph, Fast with { Progress = new Listener<TrainingProgress>(heard.Add) });
        Assert.HasCount(result.History.Steps.Count, heard);
        Assert.AreEqual(heard[^1].Steps, heard[^1].Step);
        Assert.AreEqual(Fast.NumberOfEpochs, heard[^1].Epoch);
        Assert.IsTrue(heard.TrueForAll(state => double.IsFinite(state.Loss) && state.ItemsPerSecond > 0));
    }

    [TestMethod]
    public void Dropout_is_active_in_training_and_draws_from_its_own_stream()
    {
        KnowledgeGraph graph = Graphs.Typed();
        double[] Losses(double dropout, int seed)
        {
            using SgmModule module = SgmModels.Trainable(graph, dropout);
            return [.. new SgmTrainer(module, graph, Fast with { NumberOfEpochs = 1, Seed = seed }).Train().History.Steps.Select(step => step.Loss)];
        }

        CollectionAssert.AreEqual(Losses(0.3, 1), Losses(0.3, 1));
        CollectionAssert.AreNotEqual(Losses(0, 1), Losses(0.3, 1));
    }

    [TestMethod]
    public void Triples_that_are_not_of_the_graph_are_refused_before_anything_is_trained()
    {
        KnowledgeGraph graph = Graphs.Typed();
        using SgmModule module = SgmModels.Trainable(graph);
        var trainer = new SgmTrainer(module, graph, Fast);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Train([new Triple(0, 0, graph.Entities.Count)]));
    }

    [TestMethod]
    public void Nothing_stays_behind_after_steps_and_validation_or_after_ranking_and_scoring_on_many_threads()
    {
        KnowledgeGraph graph = Graphs.Typed();
        using SgmModule module = SgmModels.Trainable(graph, dropout: 0.1);
        SgmTrainer trainer = new(module, graph, Fast with { NumberOfEpochs = 2 });
        Triple[] validation = graph.Triples(GraphSplit.Validation).ToArray();
        LiveTensors.StayTheSame(() => trainer.Train(validationTriples: validation));
        LiveTensors.StayTheSame(() => LiveTensors.OnThreads(4, () =>
        {
            MeanReciprocalRank(module, graph);
            using var scope = NewDisposeScope();
            new SgmForward(module, trainer.States.Current).Score(validation);
            module.EncodeStates(TripleEvidence.Collect(trainer.States.Current, validation, QueryMask.Full).States);
        }));
    }

    private static TrainingResult Train(KnowledgeGraph graph, SgmTrainingOptions options)
    {
        using SgmModule module = SgmModels.Trainable(graph);
        return new SgmTrainer(module, graph, options).Train();
    }

    private static Dictionary<string, float[]> Weights(KnowledgeGraph graph, int seed)
    {
        using SgmModule module = SgmModels.Trainable(graph, dropout: 0.1);
        new SgmTrainer(module, graph, Fast with { NumberOfEpochs = 1, Seed = seed }).Train();
        return Copy(module);
    }

    private static Dictionary<string, float[]> Copy(SgmModule module) =>
        module.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.detach().data<float>().ToArray());

    private static double MeanReciprocalRank(SgmModule module, KnowledgeGraph graph)
    {
        using var scorer = new SgmScorer(module, graph) { OwnsModule = false };
        return EntityRanking.MeanReciprocalRank(EntityRanking.Rank(
            scorer, graph.Triples(GraphSplit.Validation).ToArray(), new KnownTriples(graph, GraphSplit.Train, GraphSplit.Validation),
            QueryMask.None));
    }
}
