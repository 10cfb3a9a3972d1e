using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class LinearTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext context) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void It_is_the_linear_map_of_torch(bool bias)
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        using Linear linear = new(new GeneratorParameters(generator), "map", outputs: 5, inputs: 3, bias);
        Tensor input = randn([2, 4, 3], generator: generator);   // [batch, query, inputs]
        Near.Absolute(nn.functional.linear(input, linear.Weight, linear.Bias), linear.call(input), 0, "output");
        CollectionAssert.AreEqual(new long[] { 5, 3 }, linear.Weight.shape);
        Assert.AreEqual(bias, linear.Bias is not null);
    }

    [TestMethod]
    public void It_starts_with_the_numbers_of_torch_s_own_module()
    {
        using var scope = NewDisposeScope();
        using Generator ours = new(7), theirs = new(7);
        using Linear linear = new(new GeneratorParameters(ours), "map", outputs: 6, inputs: 16, bias: true);
        Near.Absolute(empty(6, 16).uniform_(-0.25, 0.25, theirs), linear.Weight, 0, "weight");
        Near.Absolute(empty(6).uniform_(-0.25, 0.25, theirs), linear.Bias!, 0, "bias");
    }

    [TestMethod]
    public void Weight_and_bias_are_the_parameters_in_this_order_and_train()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        using Linear linear = new(new GeneratorParameters(generator), "map", outputs: 5, inputs: 3, bias: true);
        CollectionAssert.AreEqual(new[] { "weight", "bias" }, linear.named_parameters().Select(pair => pair.name).ToArray());
        linear.call(ones(2, 3)).sum().backward();
        Near.Absolute(full([5, 3], 2f), linear.Weight.grad!, 0, "gradient of the weight");
        Near.Absolute(full([5], 2f), linear.Bias!.grad!, 0, "gradient of the bias");
    }

    [TestMethod]
    public void Initial_values_of_the_caller_s_own_go_before_the_source_s()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        using Linear linear = new(
            new GeneratorParameters(generator), "map", outputs: 5, inputs: 3, bias: true,
            initialWeight: InitialValue.Zero, initialBias: InitialValue.One);
        Near.Absolute(zeros(5, 3), linear.Weight, 0, "weight");
        Near.Absolute(ones(5), linear.Bias!, 0, "bias");
    }
}
