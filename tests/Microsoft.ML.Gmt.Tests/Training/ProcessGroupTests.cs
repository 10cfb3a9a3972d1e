using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

/// <summary>Estimators in a program of several processes.</summary>
[TestClass]
public sealed class ProcessGroupTests
{
    private static KnowledgeGraph Graph => Pipelines.Graph;

    [TestMethod]
    public void A_program_that_no_launcher_started_is_alone()
    {
        using ProcessGroup group = ProcessGroup.Join();
        Assert.AreEqual((0, 1), (group.Rank, group.Size));
        group.Leave();
    }

    [TestMethod]
    public void Embeddings_are_those_of_one_process() => Check(processes =>
    {
        var ml = new MLContext(seed: 1);
        using KgeTransformer model = ml.Transforms.EmbedKnowledgeGraph(Graph, KgeModel.ComplEx, new KgeEstimator.Options
        {
            Processes = processes,
            Training = new KgeTrainingOptions { EmbeddingDimension = 8, NumberOfEpochs = 2, BatchSize = 64 },
        }).Fit(Graph.ToDataView());
        return (model.TrainingResult!, Scores(model.Scorer));
    });

    [TestMethod]
    public void Path_models_are_those_of_one_process() => Check(processes =>
    {
        var ml = new MLContext(seed: 1);
        using PathScoringTransformer model = ml.Transforms.TrainPathModel(Graph, new PathTrainingEstimator.Options
        {
            Processes = processes,
            Training = new PathTrainingOptions
            {
                StateDimension = 16,
                HiddenDimension = 16,
                NumberOfLayers = 2,
                NumberOfEpochs = 1,
                LearningRate = 1e-4,
            },
        }).Fit(Graph.ToDataView());
        return (model.TrainingResult!, Scores(model.Scorer));
    });

    [TestMethod]
    public void Both_stages_in_a_chain_are_those_of_one_process() => Check(processes =>
    {
        var ml = new MLContext(seed: 1);
        using SgmTransformer stage1 = ml.Transforms.SgmPretrain(Graph, new SgmPretrainEstimator.Options
        {
            Processes = processes,
            GraphModule = new SgmOptions { GraphDimension = 16, Layers = 1, Heads = 2, TopK = 3, Dropout = 0 },
            RelationSemantics = RelationSemanticsSource.Random(16),
            Training = new SgmTrainingOptions { NumberOfEpochs = 1, BatchSize = 32, NegativesPerPositive = 4 },
        }).Fit(Graph.ToDataView());
        using GmtTransformer stage2 = ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, new GmtFinetuneEstimator.Options
        {
            Processes = processes,
            Memory = new MemoryOptions { MemoryTokens = 4, MemoryHeads = 2, Lora = new LoraOptions { Rank = 2, Alpha = 4, Dropout = 0 } },
            Training = new GmtTrainingOptions { NumberOfEpochs = 1, BatchSize = 8 },
        }).Fit(stage1.Transform(Graph.ToLabeledDataView(GraphSplit.Validation)));
        return (stage2.TrainingResult!, Scores(stage1.Scorer));
    });

    private static float[] Scores(ITripleScorer scorer)
    {
        Triple[] asked = Graph.Triples(GraphSplit.Test).ToArray();
        float[] scores = new float[asked.Length];
        scorer.Score(asked, QueryMask.None, scores);
        return scores;
    }

    private static void Check(Func<ProcessGroup?, (TrainingResult Result, float[] Scores)> fit)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        (TrainingResult result, float[] scores) = fit(null);
        (TrainingResult Result, float[] Scores)[] together = Ranks.Run(2, ranks => fit(new ProcessGroup(ranks)));
        CollectionAssert.AreEqual(together[0].Scores, together[1].Scores, "the same bits in all processes");
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(scores[i], together[1].Scores[i], 1e-3 * Math.Max(1, Math.Abs(scores[i])));
        }

        CollectionAssert.AreEqual(Losses(together[0].Result), Losses(together[1].Result));
        foreach ((double expected, double actual) in Losses(result).Zip(Losses(together[1].Result)))
        {
            Assert.AreEqual(expected, actual, 1e-4);
        }

        Assert.AreEqual(result.RowsTaken, together.Sum(one => one.Result.RowsTaken), "each row in one of the processes");
        Assert.IsTrue(Array.TrueForAll(together, one => one.Result.RowsTaken > 0));
    }

    private static double[] Losses(TrainingResult result) => [.. result.History.Steps.Select(step => step.Loss)];
}
