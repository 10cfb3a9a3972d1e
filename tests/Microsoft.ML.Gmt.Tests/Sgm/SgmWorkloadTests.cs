using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class SgmWorkloadTests
{
    [TestMethod]
    public void The_states_of_a_step_are_counted_as_the_step_encodes_them()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 3000, relations: 20, triples: 4000);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, TopK = 3 }, 8);
        var options = new SgmTrainingOptions { BatchSize = 10, NegativesPerPositive = 3, NumberOfEpochs = 2 };
        var trainer = new SgmTrainer(module, graph, options);
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        SgmWorkload? foreseen = null;
        trainer.Train(triples, foresee: estimate => foreseen = estimate);
        SgmWorkload workload = foreseen!;

        var batches = new TripleBatches(graph, triples, options, new RandomStreams(options.SeedOrDefault));
        (Triple[] positives, Triple[] negatives) = batches.Epoch(0).First();
        HashSet<int> entities = [.. positives.Concat(negatives).SelectMany(triple => new[] { triple.Head, triple.Tail })];
        GraphEdgeStates states = trainer.States.Current;
        Assert.AreEqual(
            entities.SelectMany(entity => states.EdgeState[graph.Adjacency.EdgesOf(entity)]).Distinct().Count(), workload.StepStates);
        Assert.AreEqual(states.States.Count, workload.AllStates);
        Assert.AreEqual(2 * 400, workload.Steps);
        Assert.IsTrue(workload.StepTime > TimeSpan.Zero && workload.StepTime < TimeSpan.FromSeconds(10), $"{workload.StepTime}");
    }

    [TestMethod]
    public void A_step_that_does_not_fit_is_refused_before_the_first()
    {
        var workload = new SgmWorkload(
            3_000_000, 4_000_000, 130_000_000_000, 15_625, TimeSpan.FromSeconds(60), TimeSpan.Zero);
        string message = Assert.ThrowsExactly<InsufficientMemoryException>(() => workload.Check(16_000_000_000, batchSize: 128)).Message;
        StringAssert.Contains(message, "130.0 GB");
        StringAssert.Contains(message, "there are 16.0 GB");
        StringAssert.Contains(message, "BatchSize (about 7)");
        workload.Check(200_000_000_000, batchSize: 128);
        StringAssert.Contains($"{workload}", "15,625 steps take about 11 days");
    }

    [TestMethod]
    public void It_is_said_before_the_first_step_and_changes_nothing_of_the_run()
    {
        var ml = new MLContext(seed: 1);
        List<string> events = [];
        ml.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Info && message.RawMessage.Contains("edge states", StringComparison.Ordinal))
            {
                events.Add(message.RawMessage);
            }
        };
        SgmPretrainEstimator.Options options = Pipelines.Options with
        {
            Training = Pipelines.Options.Training with { Progress = new Listener<TrainingProgress>(_ => events.Add("step")) },
        };
        using SgmTransformer model = ml.Transforms.SgmPretrain(Pipelines.Graph, options).Fit(Pipelines.Graph.ToDataView());
        StringAssert.StartsWith(events[0], "Stage 1: a step encodes about ");
        Assert.AreEqual("step", events[1]);
        Assert.IsTrue(MachineMemory.Total() is > 100_000_000 and < 1L << 50, $"{MachineMemory.Total()}");
    }
}
