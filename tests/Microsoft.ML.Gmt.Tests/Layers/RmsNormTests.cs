using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class RmsNormTests
{
    private const double Epsilon = 1e-5;

    [ClassInitialize]
    public static void LoadTorch(TestContext context) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void It_divides_by_the_root_of_the_mean_square()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        using RmsNorm norm = new(new GeneratorParameters(generator), "norm", 8, Epsilon);
        Tensor weight = norm.named_parameters().Single().parameter;
        using (no_grad())
        {
            weight.add_(randn([8], generator: generator));
        }

        Tensor input = randn([2, 3, 8], generator: generator);   // [batch, query, size]
        Near.Absolute(Expected(input, weight), norm.call(input), 1e-6, "output");
    }

    [TestMethod]
    public void Half_precision_is_normalized_in_single_precision_and_rounded_before_the_weight()
    {
        using var scope = NewDisposeScope();
        using RmsNorm norm = new(new InitialParameters(1, 0, ScalarType.BFloat16), "norm", 8, Epsilon);
        using Generator generator = new(1);
        Tensor input = randn([3, 8], generator: generator).to(ScalarType.BFloat16);
        Tensor actual = norm.call(input);
        Assert.AreEqual(ScalarType.BFloat16, actual.dtype);
        Tensor expected = Expected(input.to(ScalarType.Float32), ones(8)).to(ScalarType.BFloat16);
        Near.Relative(expected.to(ScalarType.Float32), actual.to(ScalarType.Float32), 1.0 / 256, "output");
    }

    [TestMethod]
    public void A_row_of_zeros_stays_zero()
    {
        using var scope = NewDisposeScope();
        using RmsNorm norm = new(new InitialParameters(1, 0, ScalarType.Float32), "norm", 8, Epsilon);
        Near.Absolute(zeros(2, 8), norm.call(zeros(2, 8)), 0, "output");
    }

    private static Tensor Expected(Tensor input, Tensor weight) =>
        input / (input.square().mean([-1L], keepdim: true) + Epsilon).sqrt() * weight;
}
