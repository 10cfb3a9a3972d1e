using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>ML.NET's caches and shuffles keep columns of its own types alone; stage 2 finds its evidence again by the names.</summary>
[TestClass]
public sealed class LostEvidenceTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static SgmTransformer s_stage1 = null!;
    private static float[] s_expected = null!;

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        s_stage1 = Pipelines.Fit();
        s_expected = Scores(Rows());
    }

    [ClassCleanup]
    public static void CleanUp() => s_stage1.Dispose();

    [TestMethod]
    public void A_cache_between_the_stages_changes_nothing()
    {
        IDataView cached = Ml.Data.Cache(Rows());
        Assert.IsNull(cached.Schema.GetColumnOrNull("Evidence"), "ML.NET caches it now: the test has lost its case");
        CollectionAssert.AreEqual(s_expected, Scores(cached));
        CollectionAssert.AreEqual(s_expected, Scores(Ml.Data.Cache(cached)));
    }

    [TestMethod]
    public void A_cache_checkpoint_in_a_chain_changes_nothing()
    {
        var ml = new MLContext(seed: 1);
        SgmPretrainEstimator first = ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options);
        GmtFinetuneEstimator second = ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick);
        using TransformerChain<GmtTransformer> plain = first.Append(second).Fit(GmtPipelines.Data);
        using TransformerChain<GmtTransformer> cached = first.AppendCacheCheckpoint(ml).Append(second).Fit(GmtPipelines.Data);
        CollectionAssert.AreEqual(Column(plain.Transform(GmtPipelines.Data)), Column(cached.Transform(GmtPipelines.Data)));
    }

    [TestMethod]
    public void Shuffled_filtered_and_chosen_columns_will_do()
    {
        IDataView shuffled = Ml.Data.ShuffleRows(Rows(), seed: 3);
        Assert.IsNull(shuffled.Schema.GetColumnOrNull("Evidence"));
        Assert.HasCount(s_expected.Length, Scores(shuffled));
        IDataView rows = Rows();
        IDataView names = Ml.Transforms.SelectColumns("Head", "Relation", "Tail", "Label").Fit(rows).Transform(rows);
        CollectionAssert.AreEqual(s_expected, Scores(names));
        IDataView renamed = Ml.Transforms.CopyColumns("Subject", "Head").Fit(names).Transform(names);
        renamed = Ml.Transforms.DropColumns("Head").Fit(renamed).Transform(renamed);
        var columns = new TripleColumnNames { Head = "Subject" };
        CollectionAssert.AreEqual(s_expected, Scores(Ml.Data.Cache(renamed), GmtPipelines.Quick with { Columns = columns }));
    }

    [TestMethod]
    public void Keys_keep_their_values_beside_the_note()
    {
        IDataView data = GmtPipelines.Data;
        data = Ml.Transforms.Conversion.MapValueToKey("Head").Fit(data).Transform(data);
        IDataView cached = Ml.Data.Cache(s_stage1.Transform(data));
        VBuffer<ReadOnlyMemory<char>> values = default;
        cached.Schema["Head"].GetKeyValues(ref values);
        Assert.IsGreaterThan(1, values.Length);
        CollectionAssert.AreEqual(s_expected, Scores(cached));
    }

    [TestMethod]
    public void The_schema_says_so_before_anything_is_trained()
    {
        IDataView keys = Ml.Transforms.Conversion.MapValueToKey("Head").Fit(GmtPipelines.Data).Transform(GmtPipelines.Data);
        SchemaShape input = MlNetInternals.Shape(keys.Schema);
        SchemaShape output = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options).GetOutputSchema(input);
        Assert.IsTrue(output.Single(column => column.Name == "Head").IsKey);
        var lost = new SchemaShape(output.Where(column => column.Name is "Head" or "Relation" or "Tail" or "Label"));
        SchemaShape judged = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick).GetOutputSchema(lost);
        Assert.IsTrue(judged.Any(column => column.Name == "Explanation"));
    }

    [TestMethod]
    public void Without_stage_1_or_with_two_of_them_the_message_says_what_is_missing()
    {
        GmtFinetuneEstimator estimator = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick);
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(GmtPipelines.Data)).Message;
        StringAssert.StartsWith(message, "Could not find evidence column 'Evidence'");
        IDataView rows = Rows();
        IDataView nameless = Ml.Data.Cache(Ml.Transforms.DropColumns("Head").Fit(rows).Transform(rows));
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(nameless)).Message, "Could not find head column 'Head'");

        IDataView both = Ml.Transforms.CopyColumns("Other", "Head").Fit(GmtPipelines.Data).Transform(GmtPipelines.Data);
        using SgmTransformer other = Ml.Transforms.SgmPretrain(
            Pipelines.Graph, Pipelines.Options with { Columns = new TripleColumnNames { Head = "Other" } }).Fit(both);
        both = Ml.Data.Cache(other.Transform(s_stage1.Transform(both)));
        message = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(both)).Message;
        StringAssert.Contains(message, "comes from another graph module");
    }

    private static IDataView Rows() => s_stage1.Transform(GmtPipelines.Data);

    private static float[] Scores(IDataView rows, GmtFinetuneEstimator.Options? options = null)
    {
        GmtFinetuneEstimator estimator = new MLContext(seed: 1).Transforms.GmtFinetune(
            GmtPipelines.BaseModel, options ?? GmtPipelines.Quick);
        using GmtTransformer model = estimator.Fit(rows);
        return Column(model.Transform(rows));
    }

    private static float[] Column(IDataView view) => [.. view.GetColumn<float>("Score")];
}
