using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A base model beside the archive is known by its bytes, and the archive does not tell where it was.</summary>
[TestClass]
public sealed class BaseModelIdentityTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    [TestMethod]
    public void A_base_with_other_weights_behind_the_same_header_is_refused_wherever_it_is_found()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        string own = ModelCopy.Write(folder["own"]), other = ModelCopy.Write(folder["models/own"]);
        FlipLastBit(other);
        Save(own, folder["facts.zip"]);
        string text = ArchiveFile.Text(folder["facts.zip"], "Transform_001/config.json");
        Assert.IsFalse(text.Contains(folder.Path, StringComparison.Ordinal), "no path of the machine that trained it");
        StringAssert.Contains(text, "\"name\": \"own\"");

        using var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(folder["facts.zip"], out _);
        GmtFileException refusal = Assert.ThrowsExactly<GmtFileException>(() => Ml.Model.BindBaseModel(loaded, other));
        StringAssert.Contains(refusal.Message, "differ in content: model.safetensors");
        Assert.HasCount(36, Scores(loaded), "it was still found where it was");

        Directory.Delete(own, recursive: true);
        using var again = (TransformerChain<ITransformer>)Ml.Model.Load(folder["facts.zip"], out _);
        Environment.SetEnvironmentVariable("GMT_MODELS", folder["models"]);
        try
        {
            string message = Assert.ThrowsExactly<DirectoryNotFoundException>(() => Scores(again)).Message;
            StringAssert.Contains(message, $"'{other}' (another model: its files differ in content: model.safetensors)");
            Directory.Move(other, own);
            StringAssert.Contains(Assert.ThrowsExactly<DirectoryNotFoundException>(() => Scores(again)).Message, $"'{own}' (another model");
        }
        finally
        {
            Environment.SetEnvironmentVariable("GMT_MODELS", null);
        }
    }

    [TestMethod]
    public void A_base_that_was_changed_since_the_model_was_made_is_not_saved_as_the_one_it_was_made_with()
    {
        using var folder = new TemporaryFolder();
        string own = ModelCopy.Write(folder["own"]);
        using TransformerChain<GmtTransformer> chain = Fit(own);
        string file = Path.Combine(own, "model.safetensors"), copy = folder["copy"];
        File.Copy(file, copy);
        FlipLastBit(own, copy);
        File.Move(copy, file, overwrite: true); // in place the mapped weights would change
        StringAssert.Contains(
            Assert.ThrowsExactly<GmtFileException>(() => Ml.Model.Save(chain, null, folder["facts.zip"])).Message,
            "model.safetensors: the file was changed");
    }

    [TestMethod]
    public void An_embedded_base_is_not_replaced_by_another_of_the_same_shape()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(Goldens.RepositoryRoot, "tests", "earlier-models");
        string other = ModelCopy.Write(folder["other"], Path.Combine(path, "base"));
        using (var earlier = (TransformerChain<ITransformer>)Ml.Model.Load(Path.Combine(path, "facts.zip"), out DataViewSchema schema))
        {
            Ml.Model.Save(earlier, schema, folder["facts.zip"]);
        }

        FlipLastBit(other);
        using var model = (TransformerChain<ITransformer>)Ml.Model.Load(folder["facts.zip"], out _);
        Assert.ThrowsExactly<GmtFileException>(() => Ml.Model.BindBaseModel(model, other));
    }

    private static float[] Scores(TransformerChain<ITransformer> model) => [.. model.Transform(Test).GetColumn<float>("Score")];

    private static void Save(string baseModel, string path)
    {
        using TransformerChain<GmtTransformer> chain = Fit(baseModel);
        Ml.Model.Save(chain, null, path);
    }

    private static TransformerChain<GmtTransformer> Fit(string baseModel)
    {
        var ml = new MLContext(seed: 1);
        GmtFinetuneEstimator.Options options = GmtPipelines.Quick with
        {
            EmbedBaseModel = BaseModelStorage.Referenced,
        };
        return ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .Append(ml.Transforms.GmtFinetune(baseModel, options)).Fit(GmtPipelines.Data);
    }

    private static void FlipLastBit(string folder, string? file = null)
    {
        using FileStream stream = File.Open(file ?? Path.Combine(folder, "model.safetensors"), FileMode.Open);
        stream.Position = stream.Length - 1;
        int last = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(last ^ 1));
    }
}
