using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Kge;

[TestClass]
public sealed class KgeTrainerTests
{
    private static readonly KnowledgeGraph s_graph = Pipelines.Graph;

    private static readonly KgeTrainingOptions s_small = new() { EmbeddingDimension = 16, NumberOfEpochs = 4, BatchSize = 64 };

    [TestMethod]
    [DataRow(KgeModel.ComplEx)]
    [DataRow(KgeModel.DistMult)]
    [DataRow(KgeModel.Rescal)]
    [DataRow(KgeModel.RotatE)]
    [DataRow(KgeModel.TransE)]
    public void Each_model_learns_with_nothing_set_but_its_size(KgeModel model)
    {
        Outcome outcome = Train(model, new KgeTrainingOptions { EmbeddingDimension = 24, NumberOfEpochs = 60, BatchSize = 64 });
        Triple[] train = s_graph.Triples(GraphSplit.Train).ToArray();
        using var scorer = new KgeScorer(outcome.Module, s_graph);
        double figure = EntityRanking.MeanReciprocalRank(
            EntityRanking.Rank(scorer, train, new KnownTriples(s_graph, GraphSplit.Train), QueryMask.None));
        Assert.IsGreaterThan(model is KgeModel.RotatE or KgeModel.TransE ? 0.5 : 0.9, figure, "training triples");
    }

    [TestMethod]
    [DataRow(KgeLoss.OneVsAll, true)]
    [DataRow(KgeLoss.KvsAll, false)]
    [DataRow(KgeLoss.NegativeSampling, true)]
    public void Equal_seeds_give_equal_bits_and_other_seeds_others(KgeLoss loss, bool isReciprocal)
    {
        KgeTrainingOptions options = s_small with { Loss = loss, ReciprocalRelations = isReciprocal };
        float[] first = Train(KgeModel.ComplEx, options).Weights(), second = Train(KgeModel.ComplEx, options).Weights();
        CollectionAssert.AreEqual(first, second);
        CollectionAssert.AreNotEqual(first, Train(KgeModel.ComplEx, options with { Seed = 7 }).Weights());
    }

    [TestMethod]
    [DataRow(KgeModel.ComplEx, KgeOptimizer.Adagrad)]
    [DataRow(KgeModel.RotatE, KgeOptimizer.Adam)]
    public void Interrupted_anywhere_it_ends_with_the_same_bits(KgeModel model, KgeOptimizer optimizer)
    {
        KgeTrainingOptions options = s_small with { Optimizer = optimizer, LearningRate = 0.01 };
        Outcome expected = Train(model, options, validate: true);
        using var folder = new TemporaryFolder();
        KgeTrainingOptions kept = options with
        {
            Checkpoint = new() { Path = folder["state.safetensors"], Interval = TimeSpan.Zero, Resume = true },
        };
        Outcome last;
        int interruptions = 0;
        do
        {
            last = Train(model, kept, validate: true, stopAfter: 3);
            interruptions += last.Result.IsCancelled ? 1 : 0;
        }
        while (last.Result.IsCancelled);

        Assert.IsPositive(interruptions);
        CollectionAssert.AreEqual(expected.Weights(), last.Weights());
        Assert.AreEqual(expected.Result.BestEpoch, last.Result.BestEpoch);
        CollectionAssert.AreEqual(
            expected.Result.History.Steps.Select(step => step.Metric).ToArray(),
            last.Result.History.Steps.Select(step => step.Metric).ToArray());
    }

    [TestMethod]
    public void Other_settings_models_or_triples_are_refused()
    {
        using var folder = new TemporaryFolder();
        KgeTrainingOptions kept = s_small with { Checkpoint = new() { Path = folder["state.safetensors"], Resume = true } };
        Train(KgeModel.ComplEx, kept, stopAfter: 2);
        string Refusal(Action training) => Assert.ThrowsExactly<GmtFileException>(training).Message;
        StringAssert.Contains(Refusal(() => Train(KgeModel.ComplEx, kept with { Seed = 43 })), "seed was 42 and is 43");
        StringAssert.Contains(
            Refusal(() => Train(KgeModel.ComplEx, kept with { RegularizationWeight = 0.5 })), "regularization weight was 0.01 and is 0.5");
        StringAssert.Contains(Refusal(() => Train(KgeModel.DistMult, kept)), "was ComplEx and is DistMult");
        StringAssert.Contains(Refusal(() => Train(KgeModel.ComplEx, kept, validate: true)), "validation triples was 0 triples");
    }

    [TestMethod]
    public void A_run_that_diverges_is_stopped_and_says_so()
    {
        Triple[] triples = s_graph.Triples(GraphSplit.Train).ToArray();
        KgeTrainingOptions settled = KgeTrainer.Settle(s_small, KgeModel.Rescal, s_graph, triples);
        using var module = KgeModule.Create(settled.ShapeOf(KgeModel.Rescal), s_graph.Bounds, 1, new RandomStreams(1));
        using (no_grad())
        using (NewDisposeScope())
        {
            module.Entities.fill_(1e20f);
        }

        string message = Assert.ThrowsExactly<NotFiniteNumberException>(
            () => KgeTrainer.Train(module, s_graph, settled, triples, [])).Message;
        StringAssert.Contains(message, "The loss is");
        StringAssert.Contains(message, "the training run has diverged");
    }

    [TestMethod]
    [DataRow(32_888, KgeModel.ComplEx, 9, DisplayName = "CoDEx-S")]
    [DataRow(5_216, KgeModel.ComplEx, 54, DisplayName = "UMLS")]
    [DataRow(100, KgeModel.ComplEx, 200, DisplayName = "a step an epoch: as many as there may be")]
    [DataRow(272_115, KgeModel.DistMult, 9, DisplayName = "FB15k-237: as few as there may be")]
    public void Small_graphs_are_passed_over_more_often(int triples, KgeModel model, int epochs)
    {
        KgeTrainingOptions settled = KgeDefaults.Settle(new KgeTrainingOptions(), model, 2_000, _ => 2L * triples);
        Assert.AreEqual(epochs, settled.NumberOfEpochs);
        Assert.AreEqual(settled, KgeDefaults.Settle(settled, model, 7, _ => 1), "what is settled stays");
    }

    [TestMethod]
    public void Large_graphs_are_trained_on_samples()
    {
        Assert.AreEqual(KgeLoss.OneVsAll, KgeDefaults.Settle(new(), KgeModel.ComplEx, 100_000, _ => 1).Loss);
        Assert.AreEqual(KgeLoss.NegativeSampling, KgeDefaults.Settle(new(), KgeModel.ComplEx, 100_001, _ => 1).Loss);
        Assert.AreEqual(KgeLoss.NegativeSampling, KgeDefaults.Settle(new(), KgeModel.RotatE, 10, _ => 1).Loss);
    }

    [TestMethod]
    public void Options_that_contradict_are_refused()
    {
        var options = new KgeTrainingOptions { LabelSmoothing = 0.1 };
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => KgeTrainer.Settle(options, KgeModel.TransE, s_graph, s_graph.TripleMemory(GraphSplit.Train)));
        StringAssert.Contains(error.Message, "has no labels to smooth");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KgeTrainingOptions { Loss = (KgeLoss)9 }.Check());
    }

    [TestMethod]
    [DataRow(KgeLoss.OneVsAll)]
    [DataRow(KgeLoss.NegativeSampling)]
    public void Training_leaves_no_tensor_behind(KgeLoss loss)
    {
        // Of this thread: Tensor.TotalCount counts a tensor that becomes a parameter twice and never forgets the first.
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Train(KgeModel.RotatE, s_small with { Loss = loss, NumberOfEpochs = 2 }, validate: true).Module.Dispose();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Outcome Train(KgeModel model, KgeTrainingOptions options, bool validate = false, int? stopAfter = null)
    {
        Triple[] triples = s_graph.Triples(GraphSplit.Train).ToArray();
        using var cancellation = new CancellationTokenSource();
        int steps = 0;
        var progress = new Listener<TrainingProgress>(state =>
        {
            steps += state.IsValidation ? 0 : 1;
            if (steps == stopAfter)
            {
                cancellation.Cancel();
            }
        });
        KgeTrainingOptions settled = KgeTrainer.Settle(options with { Progress = progress }, model, s_graph, triples);
        var module = KgeModule.Create(
            settled.ShapeOf(model), s_graph.Bounds, settled.InitialScale!.Value, new RandomStreams(settled.SeedOrDefault));
        TrainingResult result = KgeTrainer.Train(
            module, s_graph, settled, triples, validate ? s_graph.Triples(GraphSplit.Validation).ToArray() : [],
            cancellationToken: cancellation.Token);
        return new Outcome(result, module);
    }

    private sealed record Outcome(TrainingResult Result, KgeModule Module)
    {
        public float[] Weights()
        {
            using var scope = NewDisposeScope();
            return [.. Module.named_parameters().SelectMany(pair => pair.parameter.detach().data<float>().ToArray())];
        }
    }
}
