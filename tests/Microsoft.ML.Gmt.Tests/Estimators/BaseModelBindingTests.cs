using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A saved model holds its base or refers to it, and finds it again or says where it looked.</summary>
[TestClass]
public sealed class BaseModelBindingTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    [TestMethod]
    public void A_process_that_never_touched_the_library_gets_the_same_bits_from_both_stages()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit();
        Ml.Model.Save(chain, GmtPipelines.Data.Schema, folder["facts.zip"]);
        TripleRow[] triples = [.. Ml.Data.CreateEnumerable<TripleRow>(Test, reuseRowObject: false)];
        folder.With("rows.tsv", string.Concat(triples.Select(row => $"{row.Head}\t{row.Relation}\t{row.Tail}\n")));
        string temporary = Directory.CreateDirectory(folder["temporary"]).FullName;
        (int exitCode, string output, string error) = ProbeProcess.Run(
            $"transform {folder["facts.zip"]} {folder["rows.tsv"]}", ("OMP_NUM_THREADS", "1"), ("MKL_NUM_THREADS", "1"),
            ("TMPDIR", temporary));
        Assert.AreEqual(0, exitCode, error);
        Assert.IsEmpty(
            Directory.GetDirectories(temporary, "gmt-base-model-*"),
            "the base model's files are removed with the process, though nobody disposed of the model");
        string[] lines = output.Split('\n');
        Assert.AreEqual("library loaded: False", lines[0]);
        string[] expected =
            [.. chain.Transform(Test).GetColumn<float>("Score").Select(score => $"{BitConverter.SingleToInt32Bits(score):x8}")];
        CollectionAssert.AreEqual(expected, lines[1..^1].Select(line => line.Split(' ')[0]).ToArray());
    }

    [TestMethod]
    public void A_small_base_goes_into_the_archive_unless_it_shall_not()
    {
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit();
        CollectionAssert.Contains(Entries(chain), "base-model.safetensors");
        CollectionAssert.DoesNotContain(Entries(Fit(BaseModelStorage.Referenced)), "base-model.safetensors");

        static string[] Entries(ITransformer model)
        {
            using var stream = new MemoryStream();
            Ml.Model.Save(model, null, stream);
            using var archive = new ZipArchive(stream);
            return [.. archive.Entries.Select(entry => entry.FullName.Replace('\\', '/').Split('/')[^1])];
        }
    }

    [TestMethod]
    public void A_model_loads_without_its_base_and_names_where_it_looked_when_it_is_needed()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        string own = ModelCopy.Write(folder["own"]);
        float[] expected;
        using (TransformerChain<GmtTransformer> chain = Fit(BaseModelStorage.Referenced, own))
        {
            expected = [.. chain.Transform(Test).GetColumn<float>("Score")];
            Ml.Model.Save(chain, null, folder["facts.zip"]);
        }

        string models = Path.Combine(Path.GetDirectoryName(own)!, "models");
        Directory.CreateDirectory(models);
        Directory.Move(own, Path.Combine(models, "own"));
        using var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(folder["facts.zip"], out _);
        var gmt = (GmtTransformer)loaded.Last();
        Assert.IsFalse(gmt.IsBaseModelBound);
        Assert.HasCount(36, loaded.Transform(Test).GetColumn<float[]>("HeadEmbedding").ToArray(), "stage 1 needs no base");
        string message = Assert.ThrowsExactly<DirectoryNotFoundException>(
            () => loaded.Transform(Test).GetColumn<float>("Score").ToArray()).Message;
        StringAssert.Contains(message, own);
        StringAssert.Contains(message, "BindBaseModel");
        StringAssert.Contains(message, "GMT_MODELS");

        string other = ModelCopy.Write(folder["other"]);
        File.AppendAllText(Path.Combine(other, "tokenizer.json"), " ");
        StringAssert.Contains(
            Assert.ThrowsExactly<GmtFileException>(() => Ml.Model.BindBaseModel(loaded, other)).Message, "tokenizer.json has another size");
        Ml.Model.BindBaseModel(loaded, Path.Combine(models, "own"));
        Assert.IsTrue(gmt.IsBaseModelBound);
        CollectionAssert.AreEqual(expected, loaded.Transform(Test).GetColumn<float>("Score").ToArray());

        Environment.SetEnvironmentVariable("GMT_MODELS", $"{folder["nowhere"]}{Path.PathSeparator}{models}");
        try
        {
            using var again = (TransformerChain<ITransformer>)Ml.Model.Load(folder["facts.zip"], out _);
            CollectionAssert.AreEqual(expected, again.Transform(Test).GetColumn<float>("Score").ToArray());
        }
        finally
        {
            Environment.SetEnvironmentVariable("GMT_MODELS", null);
        }

        Assert.ThrowsExactly<ArgumentException>(() => Ml.Model.BindBaseModel(loaded.First(), own));
    }

    [TestMethod]
    public void A_loaded_model_can_be_saved_again_bound_or_not()
    {
        using var folder = new TemporaryFolder();
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit();
        float[] expected = [.. chain.Transform(Test).GetColumn<float>("Score")];
        Ml.Model.Save(chain, null, folder["first.zip"]);
        using (var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(folder["first.zip"], out _))
        {
            Ml.Model.Save(loaded, null, folder["second.zip"]);
            _ = loaded.Transform(Test).GetColumn<float>("Score").First();
            Ml.Model.Save(loaded, null, folder["third.zip"]);
        }

        foreach (string file in new[] { "second.zip", "third.zip" })
        {
            using var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(folder[file], out _);
            float[] actual = [.. loaded.Transform(Test).GetColumn<float>("Score")];
            Assert.IsTrue(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max() < 1e-5, file);
        }
    }

    private static TransformerChain<GmtTransformer> Fit(BaseModelStorage storage, string? baseModel = null)
    {
        var ml = new MLContext(seed: 1);
        GmtFinetuneEstimator.Options options = GmtPipelines.Quick with
        {
            EmbedBaseModel = storage,
        };
        return ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .Append(ml.Transforms.GmtFinetune(baseModel ?? GmtPipelines.BaseModel, options)).Fit(GmtPipelines.Data);
    }
}
