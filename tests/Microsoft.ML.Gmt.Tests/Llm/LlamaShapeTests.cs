using Microsoft.ML.Gmt.Llm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LlamaShapeTests
{
    [TestMethod]
    public void Parameters_have_the_names_and_shapes_of_Hugging_Face()
    {
        using LlamaModel model = TinyLlama.Create();
        ShapeSnapshot.Check(model, "llama");
    }

    [TestMethod]
    public void Biases_a_tied_head_and_an_explicit_head_size_change_only_what_they_should()
    {
        LlamaConfig config = TinyLlama.Config with
        {
            LayerCount = 1,
            HeadSize = 10,
            TieEmbeddings = true,
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            FeedForwardBias = true,
        };
        using LlamaModel model = new(config, seed: 1, ScalarType.BFloat16);
        ShapeSnapshot.Check(model, "llama-biases-tied-bf16");
    }

    [TestMethod]
    public void Initial_weights_follow_the_seed_and_the_configured_spread_only()
    {
        LlamaConfig config = TinyLlama.Config with { VocabularySize = 2000, InitializerRange = 0.02 };
        using LlamaModel model = TinyLlama.Create(config, seed: 3);
        using LlamaModel same = TinyLlama.Create(config, seed: 3);
        using LlamaModel other = TinyLlama.Create(config, seed: 4);
        Assert.IsTrue(model.HeadWeight.eq(same.HeadWeight).all().item<bool>());
        Assert.IsLessThan(0.01f, model.HeadWeight.eq(other.HeadWeight).to_type(ScalarType.Float32).mean().item<float>());
        Assert.AreEqual(0.02, model.HeadWeight.std().item<float>(), 2e-4);
        Assert.AreEqual(0, model.HeadWeight.mean().item<float>(), 3e-4);
        Assert.IsTrue(model.parameters().All(parameter => parameter.requires_grad));
        foreach ((string name, Tensor weight) in model.named_parameters().Where(pair => pair.name.Contains("norm", StringComparison.Ordinal)))
        {
            Assert.IsTrue(weight.eq(1).all().item<bool>(), name);
        }
    }
}
