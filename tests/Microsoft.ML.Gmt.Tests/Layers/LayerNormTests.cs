using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class LayerNormTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext context) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(1e-5)]
    [DataRow(1e-12)]
    public void It_is_the_layer_norm_of_torch(double epsilon)
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        using LayerNorm norm = new(new GeneratorParameters(generator), "norm", 8, epsilon);
        using TorchSharp.Modules.LayerNorm expected = nn.LayerNorm(8, epsilon);
        CollectionAssert.AreEqual(
            expected.named_parameters().Select(pair => pair.name).ToArray(), norm.named_parameters().Select(pair => pair.name).ToArray());
        Tensor input = randn([2, 3, 8], generator: generator);   // [batch, query, size]
        Near.Absolute(expected.call(input), norm.call(input), 0, "as it starts");
        using (no_grad())
        {
            foreach (((_, Tensor ours), (_, Tensor theirs)) in norm.named_parameters().Zip(expected.named_parameters()))
            {
                theirs.copy_(ours.add_(randn(ours.shape, generator: generator)));
            }
        }

        Near.Absolute(expected.call(input), norm.call(input), 0, "after training");
    }

    [TestMethod]
    public void The_default_epsilon_is_torch_s()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        using LayerNorm norm = new(new GeneratorParameters(generator), "norm", 8);
        Tensor input = randn([3, 8], generator: generator) * 1e-3;   // small, so that it matters
        Near.Absolute(nn.functional.layer_norm(input, [8]), norm.call(input), 0, "output");
    }
}
