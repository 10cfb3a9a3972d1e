using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Tests.Paths;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary><c>TrainPathModel</c>: what it fits, what is saved, who takes its scores.</summary>
[TestClass]
public sealed class PathTrainingTests
{
    private static readonly MLContext Ml = new(seed: 4);

    private static readonly PathTrainingOptions Small = new()
    {
        StateDimension = 16,
        HiddenDimension = 16,
        NumberOfLayers = 2,
        NumberOfEpochs = 2,
        MaximumValidationTriples = 20,
    };

    [TestMethod]
    public void A_model_comes_back_from_an_archive_with_its_scores_and_what_it_was_fitted_on()
    {
        using var folder = new TemporaryFolder();
        KnowledgeGraph graph = Pipelines.Graph;
        using PathScoringTransformer model = Estimator().Fit(graph.ToDataView());
        Assert.AreEqual("trained on this graph's training triples", $"{model.Origin}");
        Assert.IsTrue(model.Scorer.CanMask);
        Assert.IsTrue(model.Scorer.FittedOn!.Contains(graph.Triples(GraphSplit.Train)[0]));
        Assert.IsFalse(model.Scorer.FittedOn.Contains(graph.Triples(GraphSplit.Test)[0]));
        Ml.Model.Save(model, graph.ToDataView().Schema, folder["paths.zip"]);
        using var loaded = (PathScoringTransformer)Ml.Model.Load(folder["paths.zip"], out _);
        Assert.AreEqual(model.Origin, loaded.Origin);
        Assert.IsTrue(loaded.Scorer.FittedOn!.SetEquals(model.Scorer.FittedOn));
        Triple[] triples = graph.Triples(GraphSplit.Test).ToArray();
        float[] one = new float[triples.Length], other = new float[triples.Length];
        model.Scorer.Score(triples, QueryMask.Full, one);
        loaded.Scorer.Score(triples, QueryMask.Full, other);
        CollectionAssert.AreEqual(one, other);
        Assert.Contains(triple => loaded.ExplainPaths(triple).Count > 0, triples, "no path of two facts leads to any answer");
    }

    [TestMethod]
    public void A_checkpoint_is_fine_tuned_and_comes_back_as_what_it_is()
    {
        using var folder = new TemporaryFolder();
        KnowledgeGraph graph = Pipelines.Graph;
        string file = TinyPathModel.Write(folder["tiny.pth"]);
        Triple[] triples = graph.Triples(GraphSplit.Test).ToArray();
        using PathScoringTransformer start = Ml.Transforms.ApplyPathModel(graph, file).Fit(graph.ToDataView());
        float[] before = Scores(start);
        using PathScoringTransformer untouched = Tuned(epochs: 0);
        CollectionAssert.AreEqual(before, Scores(untouched));
        using PathScoringTransformer tuned = Tuned(epochs: 1);
        CollectionAssert.AreNotEqual(before, Scores(tuned));
        Assert.StartsWith("fine-tuned on this graph's training triples from tiny.pth", $"{tuned.Origin}");
        Ml.Model.Save(tuned, graph.ToDataView().Schema, folder["tuned.zip"]);
        using var loaded = (PathScoringTransformer)Ml.Model.Load(folder["tuned.zip"], out _);
        CollectionAssert.AreEqual(Scores(tuned), Scores(loaded));
        Assert.AreEqual(tuned.Origin, loaded.Origin);
        Assert.ThrowsExactly<FileNotFoundException>(() => Ml.Transforms.TrainPathModel(
            graph, new PathTrainingEstimator.Options { StartFrom = folder["none.pth"] }));

        float[] Scores(PathScoringTransformer model)
        {
            float[] scores = new float[triples.Length];
            model.Scorer.Score(triples, QueryMask.Full, scores);
            return scores;
        }

        PathScoringTransformer Tuned(int epochs) => Ml.Transforms.TrainPathModel(graph, new PathTrainingEstimator.Options
        {
            StartFrom = file,
            ValidateOnGraph = false,
            Training = new PathTrainingOptions { NumberOfEpochs = epochs, WarmupSteps = 0 },
        }).Fit(graph.ToDataView());
    }

    [TestMethod]
    public void The_schema_is_promised_and_links_are_ranked()
    {
        IDataView rows = Pipelines.Graph.ToDataView();
        PathTrainingEstimator estimator = Estimator();
        using PathScoringTransformer model = estimator.Fit(rows, Pipelines.Graph.ToDataView(GraphSplit.Validation));
        CollectionAssert.AreEquivalent(
            model.GetOutputSchema(rows.Schema).Select(column => column.Name).ToArray(),
            estimator.GetOutputSchema(PathScoringTests.SchemaShapeOf(rows.Schema)).Select(column => column.Name).ToArray());
        double mrr = Ml.Ranking.EvaluateLinkPrediction(model.RankEntities(Pipelines.Graph.ToDataView(GraphSplit.Test))).MeanReciprocalRank;
        Assert.IsTrue(mrr is > 0 and <= 1);
        Assert.HasCount(2, model.TrainingResult!.History.Steps.Select(step => step.Epoch).Distinct());
    }

    [TestMethod]
    public void Features_take_it_fitted_and_to_be_fitted()
    {
        KnowledgeGraph graph = Pipelines.Graph;
        using PathScoringTransformer model = Estimator().Fit(graph.ToDataView());
        foreach (FeatureScorer scorer in new[] { FeatureScorer.Of("Paths", Estimator()), FeatureScorer.Of("Paths", model) })
        {
            var estimator = Ml.Transforms.FeaturizeTriples("Features", graph, new FeaturizeTriplesEstimator.Options { Scorers = [scorer] });
            using FeaturizeTriplesTransformer features = estimator.Fit(graph.ToDataView(negativesPerPositive: 1));
            IDataView rows = features.Transform(graph.ToLabeledDataView(GraphSplit.Validation));
            Assert.IsNotNull(rows.Schema.GetColumnOrNull("Features"));
            Assert.IsTrue(rows.GetColumn<float[]>("Features").All(row => row.Length > 12));
        }
    }

    [TestMethod]
    public void Wrong_options_and_rows_are_refused_before_any_work()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Transforms.TrainPathModel(
            Pipelines.Graph, new PathTrainingEstimator.Options { Training = Small with { StateDimension = 24 } }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Transforms.TrainPathModel(
            Pipelines.Graph, new PathTrainingEstimator.Options { Training = Small with { BatchSize = 0 } }));
        IDataView unknown = Ml.Data.LoadFromEnumerable([new TripleRow { Head = "nobody", Relation = "knows", Tail = "no one" }]);
        var error = Assert.Throws<InvalidOperationException>(() => Estimator(label: null).Fit(unknown));
        Assert.Contains("no row is labeled true", error.Message);
    }

    private static PathTrainingEstimator Estimator(string? label = "Label") =>
        Ml.Transforms.TrainPathModel(Pipelines.Graph, new PathTrainingEstimator.Options
        {
            Training = Small,
            Columns = new TripleColumnNames { Label = label },
        });
}
