using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class SgmPretrainEstimatorTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static IDataView Train => Pipelines.Graph.ToDataView(negativesPerPositive: 1);

    [TestMethod]
    public void The_schema_is_known_before_training()
    {
        SgmPretrainEstimator estimator = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options);
        SchemaShape shape = estimator.GetOutputSchema(MlNetInternals.Shape(Train.Schema));
        using SgmTransformer model = Pipelines.Fit();
        SchemaShape actual = MlNetInternals.Shape(model.GetOutputSchema(Train.Schema));
        CollectionAssert.AreEqual(actual.Select(Describe).ToArray(), shape.Select(Describe).ToArray());

        static string Describe(SchemaShape.Column column) =>
            $"{column.Name} {column.Kind} {column.ItemType} {column.IsKey} {string.Join(' ', column.Annotations.Select(annotation => $"{annotation.Name} {annotation.ItemType}"))}";
    }

    [TestMethod]
    public void It_trains_on_rows_that_are_true_and_on_all_where_there_is_no_label()
    {
        TrainingHistory positives = Fit(Pipelines.Graph.ToDataView());
        CollectionAssert.AreEqual(Losses(positives), Losses(Fit(Train)));
        CollectionAssert.AreEqual(
            Losses(positives),
            Losses(Fit(Ml.Transforms.DropColumns("Label").Fit(Pipelines.Graph.ToDataView()).Transform(Pipelines.Graph.ToDataView()))));
        SgmPretrainEstimator.Options unlabeled = Pipelines.Options with { Columns = new TripleColumnNames { Label = null } };
        Assert.AreEqual(Steps(Train), Fit(Train, unlabeled).Steps.Count, "negatives count as well");
        int Steps(IDataView all) => Pipelines.Options.Training.NumberOfEpochs!.Value * (int)Math.Ceiling(
            (double)all.GetRowCount()! / Pipelines.Options.Training.BatchSize);
        SgmPretrainEstimator.Options misspelt = Pipelines.Options with { Columns = new TripleColumnNames { Label = "Truth" } };
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(Train, misspelt)).Message, "Could not find label column 'Truth'");
        SgmPretrainEstimator.Options mistyped = Pipelines.Options with { Columns = new TripleColumnNames { Label = "Head" } };
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(Train, mistyped)).Message,
            "Schema mismatch for label column 'Head': expected Boolean, got String");
    }

    [TestMethod]
    public void Without_a_graph_the_true_rows_are_the_edges()
    {
        using SgmTransformer model = Ml.Transforms.SgmPretrain(null, Pipelines.Options).Fit(Train);
        Assert.AreEqual(Pipelines.Graph.Triples(GraphSplit.Train).Length, model.Graph.Triples(GraphSplit.Train).Length);
        Assert.AreEqual(2 * model.Graph.Triples(GraphSplit.Train).Length, model.Graph.Adjacency.EdgeCount);
        Assert.IsTrue(model.Graph.Triples(GraphSplit.Validation).IsEmpty);
    }

    [TestMethod]
    public void The_seed_of_the_context_decides_unless_the_options_have_one()
    {
        float[] Scores(int? contextSeed, int? seed)
        {
            using SgmTransformer model = new MLContext(contextSeed).Transforms.SgmPretrain(
                Pipelines.Graph, Pipelines.Options with { Training = Pipelines.Options.Training with { Seed = seed } }).Fit(Train);
            return [.. model.Transform(Train).GetColumn<float>("Score")];
        }

        float[] one = Scores(1, null);
        CollectionAssert.AreEqual(one, Scores(1, null));
        CollectionAssert.AreEqual(one, Scores(null, 1));
        CollectionAssert.AreEqual(one, Scores(2, 1));
        CollectionAssert.AreNotEqual(one, Scores(2, null));
        CollectionAssert.AreEqual(Scores(null, null), Scores(null, 42));
    }

    [TestMethod]
    public void Training_masks_what_the_transformer_masks()
    {
        double[] Trained(QueryMask mask)
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            var streams = new RandomStreams(1);
            using var module = new SgmModule(
                Pipelines.Options.GraphModule, Pipelines.Options.RelationSemantics!.Load(Pipelines.Graph, streams), streams);
            return Losses(
                new SgmTrainer(module, Pipelines.Graph, Pipelines.Options.Training with { Seed = 1, Mask = mask }).Train().History);
        }

        CollectionAssert.AreEqual(Trained(QueryMask.Full), Losses(Fit(Pipelines.Graph.ToDataView())));
        CollectionAssert.AreEqual(
            Trained(QueryMask.Compatible),
            Losses(Fit(Pipelines.Graph.ToDataView(), Pipelines.Options with { Mask = QueryMask.Compatible })));
        CollectionAssert.AreEqual(
            Trained(QueryMask.None), Losses(Fit(Pipelines.Graph.ToDataView(), Pipelines.Options with { Mask = QueryMask.None })));
        CollectionAssert.AreNotEqual(Trained(QueryMask.None), Trained(QueryMask.Full));
    }

    [TestMethod]
    public void Validation_keeps_the_best_epoch()
    {
        SgmPretrainEstimator.Options options = Pipelines.Options with { ValidateOnGraph = true };
        TrainingHistory ofGraph = Fit(Train, options);
        Assert.HasCount(options.Training.NumberOfEpochs!.Value, ofGraph.Steps.Where(step => step.Metric is not null).ToArray());
        using SgmTransformer ofData = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options).Fit(
            Train, Pipelines.Graph.ToLabeledDataView(GraphSplit.Validation));
        CollectionAssert.AreEqual(
            ofGraph.Steps.Select(step => step.Metric).ToArray(), ofData.History.Steps.Select(step => step.Metric).ToArray());
    }

    [TestMethod]
    public void Cancelling_keeps_what_was_learned()
    {
        using var source = new CancellationTokenSource();
        List<TrainingProgress> reports = [];
        SgmPretrainEstimator.Options options = Pipelines.Options with
        {
            CancellationToken = source.Token,
            Training = Pipelines.Options.Training with
            {
                Progress = new Listener<TrainingProgress>(progress =>
                {
                    reports.Add(progress);
                    if (progress.Step == 7)
                    {
                        source.Cancel();
                    }
                }),
            },
        };
        using SgmTransformer model = Ml.Transforms.SgmPretrain(Pipelines.Graph, options).Fit(Train);
        Assert.HasCount(7, model.History.Steps);
        Assert.HasCount(7, reports);
        Assert.AreNotEqual(0, model.Transform(Train).GetColumn<float>("Score").First());
    }

    [TestMethod]
    public void Cancelling_the_context_ends_the_training_as_well()
    {
        var ml = new MLContext(seed: 1);
        SgmPretrainEstimator.Options options = Pipelines.Options with
        {
            Training = Pipelines.Options.Training with
            {
                NumberOfEpochs = 1_000_000,
                Progress = new Listener<TrainingProgress>(progress =>
                {
                    if (progress.Step == 3)
                    {
                        ml.Cancel();
                    }
                }),
            },
        };
        using SgmTransformer model = ml.Transforms.SgmPretrain(Pipelines.Graph, options).Fit(Train);
        Assert.IsGreaterThanOrEqualTo(3, model.History.Steps.Count);
    }

    [TestMethod]
    public void Epochs_and_random_relations_are_told_to_the_log()
    {
        var ml = new MLContext(seed: 1);
        List<string> told = ml.Messages(ChannelMessageKind.Info), warnings = ml.Messages();
        ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options with { RelationSemantics = null }).Fit(Train).Dispose();
        Assert.HasCount(4, told.Where(line => line.Contains("SGM, epoch", StringComparison.Ordinal)).ToArray());
        Assert.IsTrue(warnings.Exists(line => line.Contains("random vectors", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("a r b")]
    [DataRow("a r b; b r a")]
    [DataRow("a r a")]
    public void A_graph_whose_edges_have_no_context_is_trained_on(string triples)
    {
        var builder = new KnowledgeGraphBuilder();
        foreach (string[] triple in triples.Split("; ").Select(triple => triple.Split(' ')))
        {
            builder.Add(triple[0], triple[1], triple[2]);
        }

        KnowledgeGraph graph = builder.Build();
        using SgmTransformer model = Ml.Transforms.SgmPretrain(graph, Pipelines.Options with { RelationSemantics = null })
            .Fit(graph.ToDataView());
        Assert.IsTrue(model.History.EpochLosses.All(double.IsFinite));
    }

    [TestMethod]
    public void A_loss_above_guessing_asks_for_a_lower_rate()
    {
        var ml = new MLContext(seed: 1);
        List<string> warnings = ml.Messages();
        SgmTrainingOptions fast = Pipelines.Options.Training with { LearningRate = 10, NumberOfEpochs = 3 };
        ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options with { Training = fast }).Fit(Train).Dispose();
        StringAssert.Contains(string.Join('\n', warnings), "Try a lower learning rate");
    }

    [TestMethod]
    public void Relation_semantics_of_the_wrong_size_are_refused_before_training()
    {
        float[][] rows = [[1, 2], [3, 4], [5, 6]];
        Fit(Train, Pipelines.Options with { RelationSemantics = RelationSemanticsSource.FromRows(rows) });
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(
                () => Fit(Train, Pipelines.Options with { RelationSemantics = RelationSemanticsSource.FromRows(rows[..2]) })).Message,
            "3 relations; there are 2 vectors");
        Assert.ThrowsExactly<FileNotFoundException>(
            () => Fit(Train, Pipelines.Options with { RelationSemantics = RelationSemanticsSource.FromFile("missing.pt") }));
    }

    [TestMethod]
    public void Data_without_a_true_row_cannot_be_trained_on()
    {
        IDataView strangers = Ml.Data.LoadFromEnumerable([new TripleRow { Head = "nobody", Relation = "speaks", Tail = "Latin" }]);
        StringAssert.Contains(Assert.ThrowsExactly<NothingToTrainOnException>(() => Fit(strangers)).Message, "nothing to train on");
    }

    [TestMethod]
    public void Options_out_of_range_are_refused_at_once()
    {
        void Refuses<T>(SgmPretrainEstimator.Options options)
            where T : Exception => Assert.ThrowsExactly<T>(() => Ml.Transforms.SgmPretrain(Pipelines.Graph, options));
        Refuses<ArgumentOutOfRangeException>(new() { TransformBatchSize = 0 });
        Refuses<ArgumentOutOfRangeException>(new() { GraphModule = new SgmOptions { Heads = 3 } });
        Refuses<ArgumentOutOfRangeException>(new() { Training = new SgmTrainingOptions { LearningRate = 0 } });
        Refuses<ArgumentException>(new() { Columns = new TripleColumnNames { Head = "" } });
        Refuses<ArgumentException>(new() { Outputs = new SgmOutputColumnNames { Score = "Same", Probability = "Same" } });
    }

    [TestMethod]
    public void Both_ways_of_making_it_have_the_same_defaults()
    {
        SgmPretrainEstimator.Options shortWay = Ml.Transforms.SgmPretrain(Pipelines.Graph).ChosenOptions, longWay = new();
        Assert.AreEqual(longWay, shortWay);
        Assert.AreEqual(new SgmOptions(), longWay.GraphModule, "the module's own");
        Assert.AreEqual(new SgmTrainingOptions(), longWay.Training, "the training's own");
    }

    private static TrainingHistory Fit(IDataView data, SgmPretrainEstimator.Options? options = null)
    {
        using SgmTransformer model = Ml.Transforms.SgmPretrain(Pipelines.Graph, options ?? Pipelines.Options).Fit(data);
        return model.History;
    }

    private static double[] Losses(TrainingHistory history) => [.. history.Steps.Select(step => step.Loss)];
}
