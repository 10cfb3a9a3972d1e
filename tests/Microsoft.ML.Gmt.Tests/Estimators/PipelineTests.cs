using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Trainers.FastTree;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Stage 1 among ML.NET's own components.</summary>
[TestClass]
public sealed class PipelineTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static IDataView Train => Pipelines.Graph.ToDataView(negativesPerPositive: 1);

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Trees_learn_from_embeddings(bool lightGbm)
    {
        IEstimator<ITransformer> trees = lightGbm
            ? Ml.BinaryClassification.Trainers.LightGbm(numberOfLeaves: 8, minimumExampleCountPerLeaf: 2, numberOfIterations: 40)
            : Ml.BinaryClassification.Trainers.FastTree(numberOfLeaves: 8, minimumExampleCountPerLeaf: 2, numberOfTrees: 40);
        TransformerChain<ITransformer> model = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .Append(Ml.Transforms.Categorical.OneHotEncoding("RelationVector", "Relation"))
            .Append(Ml.Transforms.Concatenate("Features", "HeadEmbedding", "TailEmbedding", "RelationVector", "Score"))
            .Append(trees)
            .Fit(Train);
        CalibratedBinaryClassificationMetrics metrics = Ml.BinaryClassification.Evaluate(model.Transform(Train));
        Assert.IsGreaterThan(0.75, metrics.AreaUnderRocCurve, "of its own training rows");
        IDataView scored = model.Transform(Test);
        Assert.HasCount(36, scored.GetColumn<float>("Score").ToArray());
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Features"].GetSlotNames(ref names);
        Assert.AreEqual("HeadEmbedding.Head0", names.GetItemOrDefault(0).ToString());
        model.Dispose();
    }

    [TestMethod]
    public void Evaluators_take_its_columns()
    {
        using SgmTransformer model = Pipelines.Fit();
        IDataView scored = model.Transform(Test);
        BinaryClassificationMetrics plain = Ml.BinaryClassification.EvaluateNonCalibrated(scored);
        CalibratedBinaryClassificationMetrics calibrated = Ml.BinaryClassification.Evaluate(scored);
        Assert.AreEqual(plain.AreaUnderRocCurve, calibrated.AreaUnderRocCurve);
        Assert.AreEqual(NaiveAuc(scored), plain.AreaUnderRocCurve, 1e-6);
    }

    [TestMethod]
    public void Cross_validation_makes_a_graph_of_each_fold()
    {
        SgmPretrainEstimator estimator = Ml.Transforms.SgmPretrain(null, Pipelines.Options);
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<CalibratedBinaryClassificationMetrics>> folds =
            Ml.BinaryClassification.CrossValidate(Train, estimator, numberOfFolds: 3);
        Assert.HasCount(3, folds);
        SgmTransformer[] models = [.. folds.Select(fold => (SgmTransformer)fold.Model)];
        int all = Pipelines.Graph.Triples(GraphSplit.Train).Length;
        Assert.AreEqual(
            2 * all, models.Sum(model => model.Graph.Triples(GraphSplit.Train).Length), "each row is an edge in two of three folds");
        Array.ForEach(models, model => model.Dispose());
    }

    [TestMethod]
    public void Views_can_be_cached_filtered_split_and_written()
    {
        using SgmTransformer model = Pipelines.Fit();
        IDataView scored = model.Transform(Test);
        float[] expected = [.. scored.GetColumn<float>("Score")];
        CollectionAssert.AreEqual(expected, Ml.Data.Cache(scored, "Score", "Label").GetColumn<float>("Score").ToArray());
        CollectionAssert.AreEqual(
            expected.Where(score => score >= 0).ToArray(),
            Ml.Data.FilterRowsByColumn(scored, "Score", lowerBound: 0).GetColumn<float>("Score").ToArray());
        CollectionAssert.AreEqual(expected[3..8], Ml.Data.TakeRows(Ml.Data.SkipRows(scored, 3), 5).GetColumn<float>("Score").ToArray());
        CollectionAssert.AreEquivalent(expected, Ml.Data.ShuffleRows(scored, seed: 2).GetColumn<float>("Score").ToArray());
        using var text = new MemoryStream();
        IDataView writable = Ml.Transforms.SelectColumns("Head", "Score", "HeadEmbedding").Fit(scored).Transform(scored);
        Ml.Data.SaveAsText(writable, text);
        using var binary = new MemoryStream();
        Ml.Data.SaveAsBinary(writable, binary);
        Assert.AreNotEqual(0, text.Length * binary.Length);
    }

    private static double NaiveAuc(IDataView scored)
    {
        (float Score, bool Label)[] rows = [.. scored.GetColumn<float>("Score").Zip(scored.GetColumn<bool>("Label"))];
        double wins = 0;
        foreach ((float positive, _) in rows.Where(row => row.Label))
        {
            wins += rows.Where(row => !row.Label).Sum(row => positive > row.Score ? 1 : positive == row.Score ? 0.5 : 0);
        }

        return wins / rows.Count(row => row.Label) / rows.Count(row => !row.Label);
    }
}
