using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Tests.Llm;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class GmtTransformerTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static readonly PredictionEngineOptions Borrowed = new() { OwnsTransformer = false };
    private static TransformerChain<GmtTransformer> s_chain = null!;

    private static GmtTransformer Model => s_chain.LastTransformer;

    /// <summary>Facts of which those about speaking count as false: something that words and evidence tell.</summary>
    private static IDataView Facts => Ml.Data.LoadFromEnumerable(Pipelines.Graph.Triples(GraphSplit.Train).ToArray().Select(
        triple => TripleRow.Of(triple, Pipelines.Graph.Relations[triple.Relation] != "speaks")));

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        s_chain = GmtPipelines.Fit(data: Facts);
    }

    [ClassCleanup]
    public static void CleanUp() => s_chain.Dispose();

    [TestMethod]
    public void Columns_have_their_types_and_the_annotations_of_a_binary_classifier()
    {
        DataViewSchema schema = Model.GetOutputSchema(Test.Schema);
        CollectionAssert.AreEqual(
            new[] { "Head", "Relation", "Tail", "Label", "PredictedLabel", "Probability", "Score", "Response", "Explanation", "Known" },
            schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(BooleanDataViewType.Instance, schema["PredictedLabel"].Type);
        Assert.AreEqual(TextDataViewType.Instance, schema["Explanation"].Type);
        ReadOnlyMemory<char> kind = default;
        schema["Probability"].Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.AreEqual("Probability", kind.ToString());
    }

    [TestMethod]
    public void Values_are_those_of_the_judge_whatever_the_batch()
    {
        JudgedRow[] rows = Judge(Model, Test);
        Triple[] triples = [.. Pipelines.Graph.Triples(GraphSplit.Test), .. Pipelines.Graph.Negatives(GraphSplit.Test)];
        IReadOnlyList<Verdict> verdicts = Model.GetJudge().Judge(triples);
        IReadOnlyList<IReadOnlyList<EdgeReading>> read = Model.GetJudge().Explain(triples, 2);
        for (int row = 0; row < rows.Length; row++)
        {
            Assert.AreEqual(verdicts[row].Score, rows[row].Score, 1e-4);
            Assert.AreEqual(verdicts[row].Probability, rows[row].Probability, 1e-5);
            Assert.AreEqual(rows[row].Score > 0, rows[row].PredictedLabel);
            Assert.HasCount(2, rows[row].Explanation.Split("; "));
            StringAssert.Contains(rows[row].Explanation, Pipelines.Graph.EntityText(read[row][0].Fact.Head));
            CollectionAssert.Contains(Pipelines.Graph.Triples(GraphSplit.Train).ToArray(), read[row][0].Fact, "an edge is a fact of the graph");
        }
    }

    [TestMethod]
    public void A_trained_model_tells_true_from_false_and_answers_in_its_words()
    {
        BinaryClassificationMetrics metrics = Ml.BinaryClassification.Evaluate(Model.Transform(Facts));
        Assert.IsGreaterThan(0.9, metrics.AreaUnderRocCurve);
        JudgedRow[] rows = Judge(Model, Test);
        foreach (JudgedRow row in rows)
        {
            StringAssert.StartsWith(row.Response, row.PredictedLabel ? "True" : "False");
        }
    }

    [TestMethod]
    public void A_triple_without_names_in_the_graph_flows_without_a_verdict()
    {
        IDataView view = Model.Transform(Ml.Data.LoadFromEnumerable(
            [new TripleRow { Head = "person 1", Relation = "speaks", Tail = "Latin" }, new TripleRow { Head = "person 1", Relation = "speaks", Tail = "language of Italy" }]));
        JudgedRow[] rows = [.. Ml.Data.CreateEnumerable<JudgedRow>(view, reuseRowObject: false)];
        Assert.AreEqual((false, false), (rows[0].Known, rows[0].PredictedLabel));
        Assert.IsTrue(float.IsNaN(rows[0].Score) && float.IsNaN(rows[0].Probability));
        Assert.AreEqual("", rows[0].Response);
        Assert.AreEqual("", rows[0].Explanation);
        Assert.IsTrue(rows[1].Known && float.IsFinite(rows[1].Score) && rows[1].Explanation.Length > 0);
    }

    [TestMethod]
    public void Columns_that_nobody_reads_cost_nothing()
    {
        IDataView view = Model.Transform(Test);
        DisposeScopeManager.Statistics.Reset();
        Assert.HasCount(36, view.GetColumn<string>("Head").ToArray());
        Assert.AreEqual(0, DisposeScopeManager.Statistics.CreatedInScopeCount);
        using PredictionEngine<TripleRow, TripleRow> engine = Ml.Model.CreatePredictionEngine<TripleRow, TripleRow>(Model, Borrowed);
        Assert.AreEqual("x", engine.Predict(new TripleRow { Head = "x" }).Head);
        Assert.AreEqual(0, DisposeScopeManager.Statistics.CreatedInScopeCount);
        Assert.HasCount(36, view.GetColumn<float>("Score").ToArray());
        Assert.AreNotEqual(0, DisposeScopeManager.Statistics.CreatedInScopeCount);
    }

    [TestMethod]
    public void A_prediction_engine_gives_what_a_view_gives()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        TripleRow[] triples = [.. Ml.Data.CreateEnumerable<TripleRow>(Test, reuseRowObject: false).Take(3)];
        JudgedRow[] expected = Judge(Model, Test);
        using PredictionEngine<TripleRow, JudgedRow> engine = Ml.Model.CreatePredictionEngine<TripleRow, JudgedRow>(Model, Borrowed);
        for (int row = 0; row < triples.Length; row++)
        {
            JudgedRow actual = engine.Predict(triples[row]);
            Assert.AreEqual(expected[row].Score, actual.Score, 1e-4);
            Assert.AreEqual(expected[row].Explanation, actual.Explanation);
        }
    }

    [TestMethod]
    public void Eight_threads_get_what_one_gets_and_leave_no_tensor_behind()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        float[] expected = Scores();
        LiveTensors.StayTheSame(() => LiveTensors.OnThreads(8, () => CollectionAssert.AreEqual(expected, Scores())));

        static float[] Scores() => [.. Model.Transform(Test).GetColumn<float>("Score")];
    }

    [TestMethod]
    public void Training_with_the_graph_module_leaves_stage_1_as_it_was()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using SgmTransformer stage1 = Pipelines.Fit();
        IDataView evidence = stage1.Transform(GmtPipelines.Data);
        float[] before = [.. evidence.GetColumn<float>("Score")];
        GmtFinetuneEstimator.Options options = GmtPipelines.Quick with { Training = GmtPipelines.Quick.Training with { TrainGraphModule = true } };
        using GmtTransformer model = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options).Fit(evidence);
        CollectionAssert.AreEqual(before, evidence.GetColumn<float>("Score").ToArray());
        using TorchSharp.DisposeScope scope = torch.NewDisposeScope();
        double moved = (model.Model.Binding.Get().Model.Encoder.GraphModule.Layers[0].Expansion.Weight - stage1.Module.Layers[0].Expansion.Weight).abs().max().item<float>();
        Assert.IsGreaterThan(0, moved, "the transformer's own module did learn");
        Assert.IsNull(model.GetScorer().FittedOn, "nobody knows what else it has seen now");
    }

    [TestMethod]
    public void What_stage_1_was_fitted_on_is_known_and_saved()
    {
        using SgmTransformer stage1 = Pipelines.Fit();
        GmtFinetuneEstimator.Options options = GmtPipelines.Options with
        {
            Training = GmtPipelines.Options.Training with { NumberOfEpochs = 0 },
        };
        IDataView evidence = stage1.Transform(GmtPipelines.Data);
        GmtFinetuneEstimator estimator = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options);
        using GmtTransformer model = estimator.Fit(evidence), further = estimator.Fit(evidence, null, model);
        using GmtTransformer loaded = Reload(model);
        using GmtTransformer again = Reload(loaded);
        foreach (GmtTransformer each in new[] { model, further, loaded, again })
        {
            Assert.IsTrue(each.GetScorer().FittedOn!.SetEquals(stage1.Scorer.FittedOn!));
        }
    }

    private static GmtTransformer Reload(GmtTransformer model)
    {
        using var stream = new MemoryStream();
        Ml.Model.Save(model, GmtPipelines.Data.Schema, stream);
        stream.Position = 0;
        return (GmtTransformer)Ml.Model.Load(stream, out _);
    }

    private static JudgedRow[] Judge(GmtTransformer model, IDataView data) => [.. Ml.Data.CreateEnumerable<JudgedRow>(model.Transform(data), reuseRowObject: false)];
}
