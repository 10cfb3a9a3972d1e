using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LlamaModelFilesTests
{
    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, true)]
    public void A_saved_model_loads_with_equal_weights_configuration_and_logits(bool tied, bool biases)
    {
        LlamaConfig config = TinyLlama.Config with
        {
            TieEmbeddings = tied,
            QueryKeyValueBias = biases,
            AttentionOutputBias = biases,
            FeedForwardBias = biases,
            EndOfSequenceIds = biases ? [2, 5] : [2],
            Rotary = biases ? new RotaryOptions { Scaling = RotaryScaling.Llama3, Factor = 8, OriginalMaxPositions = 32 } : new(),
        };
        using TemporaryFolder folder = new();
        using LlamaModel model = TinyLlama.Create(config);
        model.Save(folder.Path);
        using LlamaModel loaded = LlamaModel.Load(folder.Path);

        LlamaConfig expected = config with { EndOfSequenceIds = [], DataType = ScalarType.Float32 };
        Assert.AreEqual(expected.ToString(), (loaded.Config with { EndOfSequenceIds = [] }).ToString());
        CollectionAssert.AreEqual(config.EndOfSequenceIds.ToArray(), loaded.Config.EndOfSequenceIds.ToArray());
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> weights = loaded.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        foreach ((string name, Tensor weight) in model.named_parameters())
        {
            Assert.IsTrue(weight.eq(weights[name]).all().item<bool>(), name);
            Assert.IsFalse(weights[name].requires_grad, $"{name} is not frozen");
            weights.Remove(name);
        }

        Assert.IsEmpty(weights);
        Tensor ids = TinyLlama.Row(TinyLlama.Prompt(17, seed: 1));
        Assert.IsTrue(model.Forward(ids).eq(loaded.Forward(ids)).all().item<bool>());
    }

    [TestMethod]
    [DataRow("lm_head.weight", true)]
    [DataRow("lm_head.weight", false)]
    public void A_tied_embedding_that_is_stored_under_the_heads_name_only_is_read(string only, bool tied)
    {
        LlamaConfig config = TinyLlama.Config with { TieEmbeddings = true };
        using TemporaryFolder folder = new();
        using LlamaModel model = TinyLlama.Create(config);
        (config with { TieEmbeddings = tied }).Save(folder.Path);
        SafetensorsWriter.Write(
            folder["model.safetensors"],
            model.named_parameters().Select(
                pair => KeyValuePair.Create(pair.name == "model.embed_tokens.weight" ? only : pair.name, (Tensor)pair.parameter)));
        if (!tied)
        {
            Assert.ThrowsExactly<WeightFileException>(() => LlamaModel.Load(folder.Path));
            return;
        }

        using LlamaModel loaded = LlamaModel.Load(folder.Path);
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = TinyLlama.Row(TinyLlama.Prompt(17, seed: 1));
        Assert.IsTrue(model.Forward(ids).eq(loaded.Forward(ids)).all().item<bool>());
    }

    [TestMethod]
    public void Half_precision_is_widened_from_files_and_refused_for_computing()
    {
        using TemporaryFolder folder = new();
        using (LlamaModel model = TinyLlama.Create())
        {
            using DisposeScope scope = NewDisposeScope();
            model.Config.Save(folder.Path);
            SafetensorsWriter.Write(
                Path.Combine(folder.Path, "model.safetensors"),
                model.named_parameters().Select(pair => KeyValuePair.Create(pair.name, pair.parameter.to_type(ScalarType.Float16))));
        }

        using LlamaModel widened = LlamaModel.Load(folder.Path);
        using LlamaModel narrowed = LlamaModel.Load(folder.Path, ScalarType.BFloat16);
        Assert.AreEqual(ScalarType.Float32, widened.DataType);
        Assert.IsTrue(widened.parameters().All(parameter => parameter.dtype == ScalarType.Float32));
        Assert.IsTrue(narrowed.parameters().All(parameter => parameter.dtype == ScalarType.BFloat16));
        StringAssert.Contains(
            Assert.ThrowsExactly<NotSupportedException>(() => LlamaModel.Load(folder.Path, ScalarType.Float16)).Message, "Float16");
    }
}
