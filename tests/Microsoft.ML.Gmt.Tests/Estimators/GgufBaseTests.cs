using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Stage 2 on a language model that is a GGUF file.</summary>
[TestClass]
public sealed class GgufBaseTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void A_file_of_llama_cpp_is_a_base_model_and_goes_into_the_archive()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        using SgmTransformer stage1 = Pipelines.Fit();
        GmtFinetuneEstimator.Options options = GmtPipelines.Options with
        {
            Memory = GmtPipelines.Options.Memory with { MemoryLayers = [29] },
            Training = GmtPipelines.Options.Training with { NumberOfEpochs = 0 },
        };
        IDataView rows = Ml.Data.TakeRows(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test), 2);
        JudgedRow[] expected;
        using (GmtTransformer model = Ml.Transforms.GmtFinetune(Goldens.RealModel("smollm2-135m-instruct-q4_1"), options)
            .Fit(stage1.Transform(rows)))
        {
            expected = Judge(model, rows);
            Ml.Model.SaveAtomically(model, rows.Schema, folder["facts.zip"]);
        }

        Assert.IsTrue(Array.TrueForAll(expected, row => row.Known && float.IsFinite(row.Score)));
        using var loaded = (GmtTransformer)new MLContext().Model.Load(folder["facts.zip"], out _);
        CollectionAssert.AreEqual(
            new[] { "SmolLM2-135M-Instruct.Q4_1.gguf" }, loaded.Model.Binding.Folder.Reference.Files.Keys.ToArray());
        Assert.AreEqual(BaseModelStorage.Embedded, loaded.Model.Binding.Folder.Storage);
        CollectionAssert.AreEqual(expected.Select(row => row.Score).ToArray(), Judge(loaded, rows).Select(row => row.Score).ToArray());
    }

    private static JudgedRow[] Judge(GmtTransformer model, IDataView rows) =>
        [.. Ml.Data.CreateEnumerable<JudgedRow>(model.Transform(rows), reuseRowObject: false)];
}
