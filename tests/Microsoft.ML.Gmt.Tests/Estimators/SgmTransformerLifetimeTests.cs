using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>What a stage-1 transformer holds: shared by threads, gone when disposed, its own in a copy.</summary>
[TestClass]
public sealed class SgmTransformerLifetimeTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static SgmTransformer s_model = null!;

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = Pipelines.Fit();

    [ClassCleanup]
    public static void CleanUp() => s_model.Dispose();

    [TestMethod]
    public void Eight_threads_get_what_one_gets()
    {
        float[] expected = Scores();
        LiveTensors.OnThreads(8, () =>
        {
            for (int i = 0; i < 5; i++)
            {
                CollectionAssert.AreEqual(expected, Scores());
            }
        });

        static float[] Scores() => [.. s_model.Transform(Test).GetColumn<float>("Score")];
    }

    [TestMethod]
    public void Transforming_predicting_ranking_and_saving_leave_no_tensor_behind_on_any_thread() => LiveTensors.StayTheSame(
        () => LiveTensors.OnThreads(2, () =>
        {
            Pipelines.Score(s_model, Test);
            using (DataViewRowCursor half = s_model.Transform(Test).GetRowCursor(s_model.GetOutputSchema(Test.Schema)))
            {
                half.MoveNext();
            }

            using PredictionEngine<TripleRow, ScoredRow> engine = Ml.Model.CreatePredictionEngine<TripleRow, ScoredRow>(
                s_model, new PredictionEngineOptions { OwnsTransformer = false });
            engine.Predict(new TripleRow { Head = "person 3", Relation = "speaks", Tail = "language of Poland" });
            s_model.RankEntities(Pipelines.Graph.ToDataView(GraphSplit.Test));
            s_model.RankEntities(Pipelines.Graph.ToDataView());
            using var stream = new MemoryStream();
            Ml.Model.Save(s_model, null, stream);
        }));

    [TestMethod]
    public void Training_loading_and_copying_leave_no_tensor_behind()
    {
        // Of this thread: Tensor.TotalCount counts a tensor that becomes a parameter twice and never forgets the first.
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (SgmTransformer trained = Pipelines.Fit(Pipelines.Options with { ValidateOnGraph = true }))
        {
            using var stream = new MemoryStream();
            Ml.Model.Save(trained, null, stream);
            stream.Position = 0;
            using var loaded = (SgmTransformer)Ml.Model.Load(stream, out _);
            using SgmScorer copy = loaded.Model.Clone();
            Assert.AreNotEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void A_disposed_transformer_says_so()
    {
        SgmTransformer model = Pipelines.Fit();
        IDataView view = model.Transform(Test);
        model.Dispose();
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Transform(Test));
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Scorer);
        Assert.ThrowsExactly<ObjectDisposedException>(() => view.GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    public void A_copy_of_the_model_is_independent()
    {
        using SgmScorer copy = s_model.Model.Clone();
        float[] before = [.. s_model.Transform(Test).GetColumn<float>("Score")];
        using (no_grad())
        {
            foreach (Tensor parameter in copy.Module.parameters())
            {
                parameter.add_(1);
            }
        }

        CollectionAssert.AreEqual(before, s_model.Transform(Test).GetColumn<float>("Score").ToArray());
        Assert.AreSame(s_model.Graph, copy.Graph);
    }
}
