using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>What the host has set in libtorch for itself changes nothing here, and is as it was afterwards.</summary>
[TestClass]
public sealed class HostSettingsTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static readonly TemporaryFolder Folder = new();
    private static float[] s_expected = null!;

    [ClassInitialize]
    public static void Compute(TestContext _)
    {
        TinySentenceModel.Write(Folder["sentences"]);
        s_expected = Everything();
    }

    [ClassCleanup]
    public static void CleanUp() => Folder.Dispose();

    [TestMethod]
    [DataRow(ScalarType.Float64)]
    [DataRow(ScalarType.BFloat16)]
    [DataRow(ScalarType.Float16)]
    public void The_default_type(ScalarType type)
    {
        ScalarType before = get_default_dtype();
        try
        {
            set_default_dtype(type);
            AssertSame();
            Assert.AreEqual(type, get_default_dtype());
        }
        finally
        {
            set_default_dtype(before);
        }
    }

    [TestMethod]
    public void The_default_device()
    {
        Device before = get_default_device();
        try
        {
            set_default_device(META);
            AssertSame();
            Assert.AreEqual(DeviceType.META, get_default_device().type);
        }
        finally
        {
            set_default_device(before);
        }
    }

    [TestMethod]
    public void No_gradients()
    {
        using (no_grad())
        {
            AssertSame();
            Assert.IsFalse(is_grad_enabled());
        }

        Assert.IsTrue(is_grad_enabled());
    }

    [TestMethod]
    public void Inference_mode()
    {
        using (inference_mode())
        {
            AssertSame();
            Assert.IsTrue(is_inference_mode_enabled());
        }

        Assert.IsFalse(is_inference_mode_enabled());
    }

    [TestMethod]
    public void A_model_that_was_made_in_inference_mode_can_be_trained_on_outside()
    {
        SgmTransformer first;
        using (inference_mode())
        {
            first = Pipelines.Fit();
        }

        using SgmTransformer own = first, same = Pipelines.Fit();
        CollectionAssert.AreEqual(Further(same), Further(own));

        static float[] Further(SgmTransformer model)
        {
            SgmPretrainEstimator estimator = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options);
            using SgmTransformer further = estimator.Fit(Pipelines.Graph.ToDataView(), null, model);
            return [.. further.Transform(Pipelines.Graph.ToDataView(GraphSplit.Test)).GetColumn<float>("Score")];
        }
    }

    [TestMethod]
    public void The_number_of_threads()
    {
        int threads = get_num_threads(), between = get_num_interop_threads();
        Everything();
        Assert.AreEqual((threads, between), (get_num_threads(), get_num_interop_threads()));
    }

    [TestMethod]
    public void The_seed_and_the_state_of_its_generator()
    {
        random.manual_seed(7);
        using Tensor own = rand(4);
        random.manual_seed(7);
        AssertSame();
        using Tensor after = rand(4);
        CollectionAssert.AreEqual(own.data<float>().ToArray(), after.data<float>().ToArray());
    }

    private static void AssertSame() => CollectionAssert.AreEqual(s_expected, Everything());

    /// <summary>Figures of all that the library computes: both stages trained, saved, loaded, ranked and asked, weights of scripts,
    /// sentences, text.</summary>
    private static float[] Everything()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        GmtFinetuneEstimator.Options options = GmtPipelines.Quick with
        {
            Training = GmtPipelines.Quick.Training with { TrainGraphModule = true },
            HeldOutRows = 6,
        };
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(options);
        Ml.Model.Save(chain, null, Folder["facts.zip"]);
        using var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(Folder["facts.zip"], out _);
        IDataView test = Pipelines.Graph.ToLabeledDataView(GraphSplit.Test), judged = loaded.Transform(test);
        var stage1 = (SgmTransformer)loaded.First();
        Ml.Model.SaveSgmCheckpoint(stage1, Folder["sgm"]);
        Ml.Model.SaveGmtCheckpoint(chain.LastTransformer, Folder["gmt"]);
        using SgmTransformer scripts = Ml.Model.LoadSgmCheckpoint(Folder["sgm"], Pipelines.Graph);
        using GmtTransformer scripts2 = Ml.Model.LoadGmtCheckpoint(Folder["gmt"], GmtPipelines.BaseModel, Pipelines.Graph);
        using SgmTransformer projected = Pipelines.Fit(Pipelines.Options with
        {
            RelationSemantics = RelationSemanticsSource.FromDefinitions(Folder["sentences"]),
            ValidateOnGraph = true,
            GraphModule = Pipelines.Options.GraphModule with { TrainableRelationSemantics = true, Dropout = 0.1 },
        });
        using SentenceEmbeddingTransformer sentences = Ml.Transforms.Text.EmbedSentences("V", Folder["sentences"], "Head").Fit(test);
        using var writer = new Gmt.Llm.LlamaModel(Gmt.Llm.LlamaConfig.Load(GmtPipelines.BaseModel), seed: 3);
        var decoder = new Gmt.Llm.GreedyDecoder(writer, new Gmt.Llm.GreedyOptions { MaxNewTokens = 4 });
        TripleJudge judge = chain.LastTransformer.GetJudge();
        Triple[] triples = [.. Pipelines.Graph.Triples(GraphSplit.Test)];
        return
        [
            .. judged.GetColumn<float>("Score"), .. judged.GetColumn<float[]>("HeadEmbedding").First(),
            .. judged.GetColumn<string>("Explanation").Concat(judged.GetColumn<string>("Response")).Select(text => (float)text.Length),
            .. stage1.RankEntities(test).GetColumn<int>("OptimisticRank").Select(rank => (float)rank),
            .. scripts.Transform(test).GetColumn<float>("Score"), .. scripts2.Transform(test).GetColumn<float>("Score"),
            .. projected.Transform(test).GetColumn<float>("Score"),
            .. sentences.Transform(test).GetColumn<float[]>("V").First(),
            .. decoder.Generate([[1, 2, 3]])[0].Select(id => (float)id),
            .. judge.JudgeWithoutMemory(triples).Select(verdict => (float)verdict.Score),
            .. OfTheGraph(test),
        ];
    }

    /// <summary>Figures of an embedding, of a path model and of features with both.</summary>
    private static float[] OfTheGraph(IDataView test)
    {
        using KgeTransformer embedding = Ml.Transforms
            .EmbedKnowledgeGraph(Pipelines.Graph, KgeModel.ComplEx, embeddingDimension: 8, numberOfEpochs: 2)
            .Fit(Pipelines.Graph.ToDataView());
        using PathScoringTransformer paths = Ml.Transforms.TrainPathModel(Pipelines.Graph, numberOfEpochs: 1)
            .Fit(Pipelines.Graph.ToDataView());
        using FeaturizeTriplesTransformer features = Ml.Transforms.FeaturizeTriples("Features", Pipelines.Graph, new()
        {
            Scorers = [FeatureScorer.Of("Embedding", embedding), FeatureScorer.Of("Paths", paths)],
        }).Fit(test);
        return [.. features.Transform(test).GetColumn<float[]>("Features").SelectMany(row => row)];
    }
}
