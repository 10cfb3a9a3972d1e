using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class KgeTransformerTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static KgeTransformer s_model = null!;

    private static KgeEstimator.Options Options { get; } = new()
    {
        Training = new KgeTrainingOptions { EmbeddingDimension = 12, NumberOfEpochs = 30, BatchSize = 64 },
        TransformBatchSize = 16,
    };

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = Fit(KgeModel.ComplEx);

    [ClassCleanup]
    public static void CleanUp() => s_model.Dispose();

    [TestMethod]
    [DataRow(KgeModel.ComplEx, 24, 24)]
    [DataRow(KgeModel.DistMult, 12, 12)]
    [DataRow(KgeModel.Rescal, 12, 144)]
    [DataRow(KgeModel.RotatE, 24, 12)]
    [DataRow(KgeModel.TransE, 12, 12)]
    public void Columns_hold_what_the_scorer_and_the_matrices_hold(KgeModel model, int entityWidth, int relationWidth)
    {
        using KgeTransformer transformer = Fit(model);
        Assert.AreEqual($"{model} embedding of {Pipelines.Graph}", transformer.ToString());
        Triple[] triples = [.. Pipelines.Graph.Triples(GraphSplit.Test)];
        IDataView scored = transformer.Transform(Pipelines.Graph.ToDataView(GraphSplit.Test));
        float[] expected = new float[triples.Length];
        transformer.Scorer.Score(triples, QueryMask.None, expected);
        float[] scores = [.. scored.GetColumn<float>("Score")];
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(expected[i], scores[i], 1e-5f);
        }

        float[][] heads = [.. scored.GetColumn<float[]>("HeadEmbedding")], tails = [.. scored.GetColumn<float[]>("TailEmbedding")];
        float[][] relations = [.. scored.GetColumn<float[]>("RelationEmbedding")];
        Assert.AreEqual(entityWidth, heads[0].Length);
        Assert.AreEqual(relationWidth, relations[0].Length);
        CollectionAssert.AreEqual(transformer.Model.EntityVectors([triples[3].Head]), heads[3]);
        CollectionAssert.AreEqual(transformer.Model.EntityVectors([triples[3].Tail]), tails[3]);
        CollectionAssert.AreEqual(transformer.Model.RelationVectors([triples[3].Relation]), relations[3]);
        Assert.IsTrue(scored.GetColumn<bool>("Known").All(known => known));
        Assert.AreEqual(relationWidth, ((VectorDataViewType)scored.Schema["RelationEmbedding"].Type).Size);
        SchemaShape shape = Ml.Transforms.EmbedKnowledgeGraph(Pipelines.Graph, model, Options)
            .GetOutputSchema(MlNetInternals.Shape(Pipelines.Graph.ToDataView().Schema));
        foreach (DataViewSchema.Column column in scored.Schema)
        {
            SchemaShape.Column found = shape.Single(other => other.Name == column.Name);
            Assert.AreEqual(column.Type is VectorDataViewType, found.Kind == SchemaShape.Column.VectorKind.Vector, column.Name);
        }
    }

    [TestMethod]
    public void True_test_triples_score_above_false_ones_and_links_are_found()
    {
        IDataView scored = s_model.Transform(Test);
        double area = AreaUnderCurve.Of(
            scored.GetColumn<float>("Score").Zip(scored.GetColumn<bool>("Label"), (score, label) => ((double)score, label)));
        Assert.IsGreaterThan(0.8, area);
        LinkPredictionMetrics links = Ml.Ranking.EvaluateLinkPrediction(s_model.RankEntities(Pipelines.Graph.ToDataView(GraphSplit.Test)));
        Assert.IsGreaterThan(0.3, links.MeanReciprocalRank);
        Assert.AreEqual(2 * Pipelines.Graph.Triples(GraphSplit.Test).Length, links.Both.Realistic.Count);
    }

    [TestMethod]
    public void Unknown_names_flow_through_or_are_errors()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable(
        [
            new TripleRow { Head = "person 3", Relation = "speaks", Tail = "nobody" },
            new TripleRow { Head = "person 3", Relation = "speaks", Tail = "language of Poland" },
        ]);
        IDataView scored = s_model.Transform(rows);
        CollectionAssert.AreEqual(new[] { false, true }, scored.GetColumn<bool>("Known").ToArray());
        float[] scores = [.. scored.GetColumn<float>("Score")];
        Assert.IsTrue(float.IsNaN(scores[0]));
        Assert.IsTrue(float.IsFinite(scores[1]));
        Assert.IsTrue(scored.GetColumn<float[]>("HeadEmbedding").First().All(number => number == 0));
        using KgeTransformer strict = Fit(KgeModel.ComplEx, Options with { UnknownNameHandling = UnknownNameHandling.Error });
        Assert.ThrowsExactly<UnknownNameException>(() => strict.Transform(rows).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    [DataRow(KgeModel.ComplEx)]
    [DataRow(KgeModel.Rescal)]
    [DataRow(KgeModel.TransE)]
    public void Saved_and_loaded_it_is_the_same(KgeModel model)
    {
        using KgeTransformer before = Fit(model, Options with { Training = Options.Training with { DistanceNorm = 2 } });
        using KgeTransformer after = Reload(before);
        IDataView rows = Test;
        CollectionAssert.AreEqual(Scores(before), Scores(after));
        Assert.AreEqual(before.Settings.Shape, after.Settings.Shape);
        Assert.AreEqual(before.History.Steps.Count, after.History.Steps.Count);
        Assert.IsTrue(after.Scorer.FittedOn!.SetEquals(before.Scorer.FittedOn!));
        using KgeTransformer again = Reload(after);
        CollectionAssert.AreEqual(Scores(before), Scores(again));

        float[] Scores(KgeTransformer transformer) => [.. transformer.Transform(rows).GetColumn<float>("Score")];
    }

    [TestMethod]
    public void What_it_was_fitted_on_is_known_and_saved_only_where_that_is_the_training_split()
    {
        Triple[] triples = Pipelines.Graph.Triples(GraphSplit.Train).ToArray();
        IDataView row = Ml.Data.LoadFromEnumerable([TripleRow.Of(triples[0])]);
        using KgeTransformer some = Ml.Transforms.EmbedKnowledgeGraph(Pipelines.Graph, KgeModel.DistMult, Options).Fit(row);
        Assert.AreEqual(1, some.Scorer.FittedOn!.Count);
        using KgeTransformer loaded = Reload(some);
        Assert.IsNull(loaded.Scorer.FittedOn);
        Assert.IsFalse(loaded.Scorer.CanMask);
        Assert.IsTrue(s_model.Scorer.FittedOn!.Contains(triples[1]));
        Assert.IsFalse(s_model.Scorer.FittedOn!.Contains(Pipelines.Graph.Triples(GraphSplit.Test)[0]));
    }

    [TestMethod]
    public void Without_a_graph_it_is_made_of_the_rows_and_validation_rows_choose_the_epoch()
    {
        KnowledgeGraph graph = Pipelines.Graph;
        KgeEstimator estimator = Ml.Transforms.EmbedKnowledgeGraph(null, KgeModel.ComplEx, Options);
        using KgeTransformer model = estimator.Fit(graph.ToDataView(), graph.ToDataView(GraphSplit.Validation));
        Assert.IsNotNull(model.TrainingResult!.BestEpoch);
        Assert.AreEqual(graph.Triples(GraphSplit.Train).Length, model.Graph.Triples(GraphSplit.Train).Length);
        using KgeTransformer onGraph = Fit(KgeModel.ComplEx, Options with { ValidateOnGraph = true });
        Assert.AreEqual(
            onGraph.TrainingResult!.BestMetric,
            onGraph.History.Steps.Max(step => step.Metric));
        Assert.IsNull(s_model.TrainingResult!.BestEpoch);
    }

    [TestMethod]
    public void Its_relations_are_stage_ones_semantics_by_name_and_of_mean_length_one()
    {
        RelationSemanticsSource source = RelationSemanticsSource.FromEmbedding(s_model);
        using (var scope = torch.NewDisposeScope())
        {
            var semantics = source.Load(Pipelines.Graph, new RandomStreams(1));
            Assert.AreEqual(1, semantics.norm(1).mean().item<float>(), 1e-5);
            float[] raw = s_model.Model.RelationVectors([1]), scaled = semantics[1].data<float>().ToArray();
            Assert.AreEqual(raw[0] / raw[5], scaled[0] / scaled[5], 1e-3);
        }

        using SgmTransformer stage1 = Pipelines.Fit(Pipelines.Options with { RelationSemantics = source });
        Assert.AreEqual(24, (int)stage1.Module.RelationSemantics.Weight.size(1));
        var other = new KnowledgeGraphBuilder();
        other.Add("a", "sings", "b");
        string message = Assert.ThrowsExactly<InvalidOperationException>(() => source.Load(other.Build(), new RandomStreams(1))).Message;
        StringAssert.Contains(message, "no vector for the relation 'sings'");
    }

    [TestMethod]
    public void Working_training_and_loading_leave_no_tensor_behind()
    {
        // Of this thread: Tensor.TotalCount counts a tensor that becomes a parameter twice and never forgets the first.
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (KgeTransformer model = Fit(KgeModel.RotatE, Options with { ValidateOnGraph = true }))
        {
            using KgeTransformer loaded = Reload(model);
            Assert.IsTrue(loaded.Transform(Test).GetColumn<float>("Score").All(float.IsFinite));
            Assert.IsTrue(loaded.Transform(Test).GetColumn<float[]>("RelationEmbedding").All(vector => vector.Length == 12));
            loaded.RankEntities(Pipelines.Graph.ToDataView(GraphSplit.Test));
            RelationSemanticsSource.FromEmbedding(loaded);
            Assert.AreNotEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        LiveTensors.StayTheSame(() =>
        {
            s_model.RankEntities(Pipelines.Graph.ToDataView(GraphSplit.Test));
            RelationSemanticsSource.FromEmbedding(s_model);
        });
    }

    [TestMethod]
    public void Its_scores_become_features_of_training_rows_only_by_cross_fitting()
    {
        KgeEstimator.Options few = Options with { Training = Options.Training with { NumberOfEpochs = 2 } };
        FeatureScorer scorer = FeatureScorer.Of("Kge", Ml.Transforms.EmbedKnowledgeGraph(Pipelines.Graph, KgeModel.DistMult, few));
        using FeaturizeTriplesTransformer features = Ml.Transforms.FeaturizeTriples(
            "Features", Pipelines.Graph, new FeaturizeTriplesEstimator.Options { Scorers = [scorer], NumberOfFolds = 2 })
            .Fit(Pipelines.Graph.ToDataView());
        float[] row = features.Transform(Test).GetColumn<float[]>("Features").First();
        Assert.IsTrue(row.All(float.IsFinite));
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => Ml.Transforms.FeaturizeTriples(
            "Features", Pipelines.Graph, new FeaturizeTriplesEstimator.Options { Scorers = [FeatureScorer.Of("Kge", s_model)] })
            .Fit(Pipelines.Graph.ToDataView()));
        StringAssert.Contains(error.Message, "was fitted on rows of the data");
    }

    [TestMethod]
    public void A_disposed_one_refuses()
    {
        KgeTransformer model = Fit(KgeModel.DistMult);
        ITripleScorer scorer = model.Scorer;
        IDataView view = model.Transform(Test);
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => scorer.Score(new[] { new Triple(0, 0, 0) }, QueryMask.None, new float[1]));
        Assert.ThrowsExactly<ObjectDisposedException>(() => view.GetColumn<float>("Score").ToArray());
        Assert.ThrowsExactly<ObjectDisposedException>(() => RelationSemanticsSource.FromEmbedding(model));
    }

    [TestMethod]
    public void Cancelled_it_keeps_what_it_has_and_rows_without_truth_are_refused()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Listener<TrainingProgress>(state => cancellation.Cancel());
        using KgeTransformer model = Fit(KgeModel.ComplEx, Options with
        {
            Training = Options.Training with { Progress = progress },
            CancellationToken = cancellation.Token,
        });
        Assert.IsTrue(model.TrainingResult!.IsCancelled);
        Assert.HasCount(1, model.History.Steps);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => Ml.Transforms.EmbedKnowledgeGraph(Pipelines.Graph, KgeModel.ComplEx, Options)
                .Fit(Ml.Data.LoadFromEnumerable([new TripleRow { Head = "x", Relation = "y", Tail = "z" }])));
        StringAssert.Contains(error.Message, "nothing to train on");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.EmbedKnowledgeGraph(Pipelines.Graph, embeddingDimension: 0));
    }

    private static KgeTransformer Fit(KgeModel model, KgeEstimator.Options? options = null) =>
        new MLContext(seed: 1).Transforms.EmbedKnowledgeGraph(Pipelines.Graph, model, options ?? Options).Fit(Pipelines.Graph.ToDataView());

    private static KgeTransformer Reload(KgeTransformer model)
    {
        using var stream = new MemoryStream();
        Ml.Model.Save(model, null, stream);
        stream.Position = 0;
        return (KgeTransformer)Ml.Model.Load(stream, out _);
    }
}
