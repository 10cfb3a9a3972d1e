using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class ReferenceModelTests
{
    [TestMethod]
    public void Every_base_model_of_the_reference_loads_whole_and_computes()
    {
        foreach (string folder in Goldens.Cases("reference/models"))
        {
            using LlamaModel model = LlamaModel.Load(folder);
            using WeightStore store = WeightStore.Open(folder);
            string[] stored =
                [.. store.Names.Where(name => !model.Config.TieEmbeddings || name != "lm_head.weight").Order(StringComparer.Ordinal)];
            string[] loaded = [.. model.named_parameters().Select(pair => pair.name).Order(StringComparer.Ordinal)];
            CollectionAssert.AreEqual(stored, loaded, folder);
            using IDisposable inference = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor logits = model.Forward(TinyLlama.Row(TinyLlama.Prompt(20, 1)));
            Assert.IsTrue(logits.isfinite().all().item<bool>(), folder);
            Assert.IsGreaterThan(0.1f, logits.std().item<float>(), folder);
        }
    }
}
