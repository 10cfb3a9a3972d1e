using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Text;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class SentenceEmbeddingTests
{
    // README-llm: fp32 against fp64 differs by 3e-7, advised are 5e-6.
    private const float Tolerance = 5e-6f;

    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void Vectors_of_the_real_model_are_those_recorded_before_and_after_saving()
    {
        using DisposeScope scope = NewDisposeScope();
        string folder = Goldens.Root("llm/minilm");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        IDataView texts = Texts([.. golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)]);
        using SentenceEmbeddingTransformer model = Ml.Transforms.Text.EmbedSentences(
            "Embedding", Goldens.RealModel("all-minilm-l6-v2"), "Text").Fit(texts);
        Assert.AreEqual(384, model.Dimension);
        AssertClose(expected.Get("embeddings"), model.Transform(texts));

        using var stream = new MemoryStream();
        Ml.Model.Save(model, texts.Schema, stream);
        using var loaded = (SentenceEmbeddingTransformer)Ml.Model.Load(stream, out _);
        Assert.IsFalse(loaded.IsBaseModelBound, "the model is loaded when it is needed");
        AssertClose(expected.Get("embeddings"), loaded.Transform(texts));
    }

    [TestMethod]
    public void A_column_of_named_vectors_is_added_that_a_trainer_takes_as_features()
    {
        using var folder = new TemporaryFolder();
        string[] words = [.. Enumerable.Range(0, 40).Select(i => new string(i % 2 == 0 ? 'a' : 'z', 8) + (char)('a' + (i / 2)))];
        IDataView data = Ml.Data.LoadFromEnumerable(words.Select(word => new Labeled { Text = word, Label = word[0] == 'a' }));
        SentenceEmbeddingEstimator sentences = Ml.Transforms.Text.EmbedSentences(
            "Features", TinySentenceModel.Write(folder["model"]), "Text", batchSize: 7);
        var model = sentences.Append(Ml.BinaryClassification.Trainers.LbfgsLogisticRegression(l2Regularization: 0.01f)).Fit(data);
        IDataView judged = model.Transform(data);
        Assert.IsGreaterThan(0.8, Ml.BinaryClassification.EvaluateNonCalibrated(judged).Accuracy, "half of the labels are true");
        DataViewSchema.Column features = judged.Schema["Features"];
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, TinySentenceModel.Dimension), features.Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        features.GetSlotNames(ref names);
        Assert.AreEqual("Features3", names.GetItemOrDefault(3).ToString());
        using PredictionEngine<Labeled, Judged> engine = Ml.Model.CreatePredictionEngine<Labeled, Judged>(model);
        Judged one = engine.Predict(new Labeled { Text = words[5] });
        Assert.AreEqual(judged.GetColumn<bool>("PredictedLabel").ElementAt(5), one.PredictedLabel);
        Assert.AreEqual(1, one.Features.Sum(value => value * value), Tolerance);
        float[] inBatch = judged.GetColumn<float[]>("Features").ElementAt(5);
        Assert.IsLessThan(
            Tolerance, inBatch.Zip(one.Features, (a, b) => Math.Abs(a - b)).Max(), "a vector does not hang on the other rows");
    }

    [TestMethod]
    public void The_input_may_have_the_name_of_the_output_and_keeps_it_hidden()
    {
        using var folder = new TemporaryFolder();
        IDataView texts = Texts("one", "", "three");
        using SentenceEmbeddingTransformer model = Ml.Transforms.Text.EmbedSentences(
            "Text", TinySentenceModel.Write(folder["model"])).Fit(texts);
        IDataView result = model.Transform(texts);
        Assert.IsInstanceOfType<VectorDataViewType>(result.Schema["Text"].Type);
        Assert.HasCount(3, result.GetColumn<float[]>("Text").ToArray(), "an empty text has a vector too");
    }

    [TestMethod]
    public void What_is_no_text_or_no_sentence_model_is_refused_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        string model = TinySentenceModel.Write(folder["model"]);
        SentenceEmbeddingEstimator wrong = Ml.Transforms.Text.EmbedSentences("Embedding", model, "Label");
        IDataView data = Ml.Data.LoadFromEnumerable(new[] { new Labeled() });
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => wrong.Fit(data)).Message,
            "Schema mismatch for text column 'Label': expected String, got Boolean");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => wrong.GetOutputSchema(MlNetInternals.Shape(data.Schema))).Message,
            "got Boolean");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Transforms.Text.EmbedSentences("A", model, "B").Fit(data)).Message,
            "Could not find text column 'B'");
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => Ml.Transforms.Text.EmbedSentences("A", folder["nowhere"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Transforms.Text.EmbedSentences("A", model, batchSize: 0));
        File.Delete(Path.Combine(model, "modules.json"));
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => Ml.Transforms.Text.EmbedSentences("A", model)).Message, "modules.json");
    }

    [TestMethod]
    public void A_model_that_is_referred_to_is_found_or_bound()
    {
        using var folder = new TemporaryFolder();
        IDataView texts = Texts("one", "two");
        var options = new SentenceEmbeddingEstimator.Options { InputColumnName = "Text", EmbedBaseModel = BaseModelStorage.Referenced };
        string own = TinySentenceModel.Write(folder["own"]);
        float[][] expected;
        using (SentenceEmbeddingTransformer model = Ml.Transforms.Text.EmbedSentences(own, options).Fit(texts))
        {
            expected = Vectors(model.Transform(texts));
            Ml.Model.Save(model, texts.Schema, folder["model.zip"]);
        }

        Assert.IsEmpty(ModelFiles(folder["model.zip"]));
        Directory.Move(own, folder["moved"]);
        using var loaded = (SentenceEmbeddingTransformer)Ml.Model.Load(folder["model.zip"], out _);
        StringAssert.Contains(Assert.ThrowsExactly<DirectoryNotFoundException>(() => Vectors(loaded.Transform(texts))).Message, own);
        StringAssert.Contains(
            Assert.ThrowsExactly<GmtFileException>(
                () => Ml.Model.BindBaseModel(loaded, TinySentenceModel.Write(folder["other"], seed: 2))).Message, "differ in content");
        Ml.Model.BindBaseModel(loaded, folder["moved"]);
        Assert.AreEqual("", Difference(expected, Vectors(loaded.Transform(texts))));
    }

    [TestMethod]
    public void A_small_model_is_saved_with_its_folders_and_nothing_leads_out_of_them()
    {
        using var folder = new TemporaryFolder();
        IDataView texts = Texts("one", "two");
        float[][] expected;
        using (SentenceEmbeddingTransformer model = Ml.Transforms.Text.EmbedSentences("Embedding", TinySentenceModel.Write(folder["model"]), "Text").Fit(texts))
        {
            expected = Vectors(model.Transform(texts));
            Ml.Model.Save(model, texts.Schema, folder["model.zip"]);
        }

        CollectionAssert.AreEquivalent(
            new[] { "base-config.json", "base-modules.json", "base-1_Pooling-config.json", "base-sentence_bert_config.json", "base-tokenizer.json", "base-model.safetensors" },
            ModelFiles(folder["model.zip"]));
        Directory.Delete(folder["model"], recursive: true);
        using (var loaded = (SentenceEmbeddingTransformer)Ml.Model.Load(folder["model.zip"], out _))
        {
            Ml.Model.Save(loaded, texts.Schema, folder["again.zip"]);
            Assert.AreEqual("", Difference(expected, Vectors(loaded.Transform(texts))));
        }

        ArchiveFile.Replace(folder["again.zip"], "TransformerChain/config.json", "1_Pooling/config.json", "../config.json");
        Exception? error = Assert.Throws<Exception>(() => Ml.Model.Load(folder["again.zip"], out _));
        while (error is not (null or GmtFileException))
        {
            error = error.InnerException;
        }

        StringAssert.Contains(error?.Message, "'../config.json', which is no name inside a folder");
    }

    [TestMethod]
    public void Many_threads_may_use_one_and_nothing_stays_in_native_memory()
    {
        using var folder = new TemporaryFolder();
        TinySentenceModel.Write(folder["model"]);
        IDataView texts = Texts([.. Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 1 + (i % 5)))]);

        // Weights are parameters, which the count over all threads never forgets: what makes and frees them is counted on this thread.
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (SentenceEmbeddingTransformer model =
            Ml.Transforms.Text.EmbedSentences("Embedding", folder["model"], "Text", batchSize: 6).Fit(texts))
        {
            float[][] expected = Vectors(model.Transform(texts));
            LiveTensors.StayTheSame(
                () => LiveTensors.OnThreads(4, () => Assert.AreEqual("", Difference(expected, Vectors(model.Transform(texts))))));
            Assert.AreNotEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Relations_start_from_what_they_mean()
    {
        using var folder = new TemporaryFolder();
        string model = TinySentenceModel.Write(folder["model"]);
        var builder = new KnowledgeGraphBuilder();
        builder.AddRelation("first", definition: "comes before all");
        builder.Add("a", "first", "b");
        builder.Add("b", "second", "c");
        KnowledgeGraph graph = builder.Build(addInverse: true);
        SgmPretrainEstimator.Options options = Pipelines.Options with
        {
            RelationSemantics = RelationSemanticsSource.FromDefinitions(model),
            Training = Pipelines.Options.Training with { NumberOfEpochs = 1, BatchSize = 2 },
        };
        using SgmTransformer stage1 = Pipelines.Fit(options, graph);
        using SentenceEncoder encoder = SentenceEncoder.Load(model);
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = encoder.Encode(["comes before all", "second"]);
        Tensor actual = SgmStateDict.Of(stage1.Module).Single(pair => pair.Key.Contains("rel_semantic", StringComparison.Ordinal)).Value;
        Assert.IsTrue(cat([expected, expected]).equal(actual).all().item<bool>());
    }

    private static IDataView Texts(params string[] texts) => Ml.Data.LoadFromEnumerable(texts.Select(text => new Labeled { Text = text }));

    private static float[][] Vectors(IDataView data) => [.. data.GetColumn<float[]>("Embedding")];

    private static string Difference(float[][] expected, float[][] actual) =>
        string.Join(", ", expected.Zip(actual).Index().Where(pair => !pair.Item.First.SequenceEqual(pair.Item.Second)).Select(pair => $"row {pair.Index}"));

    private static string[] ModelFiles(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        return [.. zip.Entries.Select(entry => entry.FullName.Replace('\\', '/').Split('/')[^1]).Where(name => name.StartsWith("base-", StringComparison.Ordinal))];
    }

    private static void AssertClose(Tensor expected, IDataView actual)
    {
        float[][] rows = Vectors(actual);
        Assert.HasCount((int)expected.size(0), rows);
        Assert.IsLessThanOrEqualTo(
            Tolerance, (expected - tensor(rows.SelectMany(row => row).ToArray()).view(expected.shape)).abs().max().item<float>());
    }

    private sealed class Labeled
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Judged
    {
        public bool PredictedLabel { get; set; }

        public float[] Features { get; set; } = [];
    }
}
