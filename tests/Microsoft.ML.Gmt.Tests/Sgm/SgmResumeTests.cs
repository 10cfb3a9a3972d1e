using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>A training run that is interrupted and goes on ends with the bits of one that never stopped.</summary>
[TestClass]
public sealed class SgmResumeTests
{
    private static readonly SgmTrainingOptions Training = new()
    {
        NumberOfEpochs = 4,
        BatchSize = 32,
        NegativesPerPositive = 4,
        LearningRate = 0.01,
    };

    [TestMethod]
    [DataRow(false, DisplayName = "frozen relation semantics")]
    [DataRow(true, DisplayName = "trainable relation semantics, whose states change")]
    public void Interrupted_anywhere_it_ends_with_the_same_bits(bool trainable)
    {
        KnowledgeGraph graph = Graph();
        Outcome expected = Train(graph, trainable, Training);
        var random = new CounterRandom(trainable ? 1UL : 2UL);
        for (int run = 0; run < 3; run++)
        {
            using var folder = new TemporaryFolder();
            SgmTrainingOptions options = Training with
            {
                Checkpoint = new() { Path = folder["state.safetensors"], Interval = TimeSpan.FromHours(1), Resume = true },
            };
            int steps = expected.Result.History.Steps.Count, interruptions = 0;
            Outcome last;
            do
            {
                last = Train(graph, trainable, options, stopAfter: 1 + random.Next(steps / 2));
                interruptions += last.Result.IsCancelled ? 1 : 0;
            }
            while (last.Result.IsCancelled);

            Assert.IsPositive(interruptions);
            AssertSame(expected, last);
        }
    }

    [TestMethod]
    public void Patience_the_best_epoch_and_a_validation_cut_short_survive()
    {
        KnowledgeGraph graph = Graph();
        SgmTrainingOptions ruinous = Training with { NumberOfEpochs = 30, LearningRate = 0.1, EarlyStoppingPatience = 2 };
        Outcome expected = Train(graph, trainable: true, ruinous, validate: true);
        Assert.IsTrue(expected.Result.IsStoppedEarly);
        using var folder = new TemporaryFolder();
        SgmTrainingOptions options = ruinous with
        {
            Checkpoint = new() { Path = folder["state.safetensors"], Interval = TimeSpan.Zero, Resume = true },
        };
        int epochSteps = (graph.Triples(GraphSplit.Train).Length + Training.BatchSize - 1) / Training.BatchSize;
        Outcome last;
        do
        {
            // After an epoch's last step, so that its validation is what is cut short.
            last = Train(graph, trainable: true, options, validate: true, stopAfter: epochSteps);
        }
        while (last.Result.IsCancelled);

        AssertSame(expected, last);
        Assert.AreEqual(expected.Result.BestEpoch, last.Result.BestEpoch);
        CollectionAssert.AreEqual(
            expected.Result.History.Steps.Select(step => step.Metric).ToArray(),
            last.Result.History.Steps.Select(step => step.Metric).ToArray());
    }

    [TestMethod]
    public void Other_settings_or_triples_are_refused()
    {
        KnowledgeGraph graph = Graph();
        using var folder = new TemporaryFolder();
        SgmTrainingOptions options = Training with { Checkpoint = new() { Path = folder["state.safetensors"], Resume = true } };
        Train(graph, trainable: false, options, stopAfter: 2);
        string Refusal(Action training) => Assert.ThrowsExactly<GmtFileException>(training).Message;
        StringAssert.Contains(Refusal(() => Train(graph, trainable: false, options with { Seed = 43 })), "seed was 42 and is 43");
        StringAssert.Contains(Refusal(() => Train(graph, trainable: false, options, validate: true)), "validation triples was 0 triples");
        StringAssert.Contains(Refusal(() => Train(graph, trainable: true, options)), "trainable relation semantics was False and is True");
    }

    [TestMethod]
    public void A_state_of_another_kind_of_device_is_refused()
    {
        KnowledgeGraph graph = Graph();
        using var folder = new TemporaryFolder();
        SgmTrainingOptions options = Training with { Checkpoint = new() { Path = folder["state.safetensors"], Resume = true } };
        Train(graph, trainable: false, options, stopAfter: 2);
        using (SafetensorsFile state = SafetensorsFile.Open(folder["state.safetensors"]))
        {
            Assert.AreEqual("cpu", state.Metadata["setting device"]);
            using var scope = NewDisposeScope();
            SafetensorsWriter.Write(
                folder["elsewhere"], state.Names.Select(name => KeyValuePair.Create(name, state.Get(name))),
                new Dictionary<string, string>(state.Metadata) { ["setting device"] = "cuda" });
        }

        options = options with { Checkpoint = options.Checkpoint! with { Path = folder["elsewhere"] } };
        string message = Assert.ThrowsExactly<GmtFileException>(() => Train(graph, trainable: false, options)).Message;
        StringAssert.Contains(message, "data: device was cuda and is cpu. Go on");
    }

    [TestMethod]
    public void A_state_that_an_earlier_version_wrote_is_refused_in_words()
    {
        string path = Path.Combine(Goldens.RepositoryRoot, "tests", "earlier-models", "strict", "interrupted", "training.safetensors");
        SgmTrainingOptions options = Training with { Checkpoint = new() { Path = path, Resume = true } };
        string message = Assert.ThrowsExactly<GmtFileException>(() => Train(Graph(), trainable: false, options)).Message;
        StringAssert.Contains(message, "was written by another version of this library; begin the training run anew without resume");
    }

    private static void AssertSame(Outcome expected, Outcome actual)
    {
        CollectionAssert.AreEqual(
            expected.Result.History.Steps.Select(step => step.Loss).ToArray(),
            actual.Result.History.Steps.Select(step => step.Loss).ToArray());
        foreach ((string name, float[] values) in expected.Weights)
        {
            CollectionAssert.AreEqual(values, actual.Weights[name], name);
        }
    }

    private static Outcome Train(
        KnowledgeGraph graph, bool trainable, SgmTrainingOptions options, bool validate = false, int? stopAfter = null)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using Generator generator = new(9);
        using SgmModule module = new(
            new SgmOptions { GraphDimension = 16, TopK = 3, TrainableRelationSemantics = trainable },
            RelationSemantics.Draw(graph.Relations.Count, 12, generator), new RandomStreams(1));
        using var cancellation = new CancellationTokenSource();
        int steps = 0;
        double? lastMetric = null;
        var progress = new Listener<TrainingProgress>(state =>
        {
            // A report with a new figure is of a validation, not of a step.
            steps += state.Metric == lastMetric ? 1 : 0;
            lastMetric = state.Metric;
            if (steps == stopAfter)
            {
                cancellation.Cancel();
            }
        });
        TrainingResult result = new SgmTrainer(module, graph, options with { Progress = progress })
            .Train(
                validationTriples: validate ? graph.Triples(GraphSplit.Validation).ToArray() : null, cancellationToken: cancellation.Token);
        return new Outcome(
            result, module.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.detach().data<float>().ToArray()));
    }

    private static KnowledgeGraph Graph()
    {
        var random = new CounterRandom(4);
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, 30).Select(id => $"e{id}"), Enumerable.Range(0, 5).Select(id => $"r{id}"));
        for (int i = 0; i < 200; i++)
        {
            builder.Add(
                new Triple(random.Next(30), random.Next(5), random.Next(30)), i % 8 == 0 ? GraphSplit.Validation : GraphSplit.Train);
        }

        return builder.Build();
    }

    private sealed record Outcome(TrainingResult Result, Dictionary<string, float[]> Weights);
}
