using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class DroppedGeluTests
{
    private const double Probability = 0.25;

    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(5, 3)]
    [DataRow(100, 257)]
    [DataRow(0, 8)]
    public void It_equals_GELU_and_the_mask_that_the_same_generator_gives(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(3);
        Tensor own = (randn([rows, columns], generator: generator) * 3).requires_grad_(true);
        Tensor theirs = own.detach().clone().requires_grad_(true);
        Tensor weights = randn([rows, columns], generator: generator);
        using SeededDropout first = new(new Generator(8)), second = new(new Generator(8));

        Tensor dropped = DroppedGelu.Apply(own, first, Probability);
        Tensor oracle = second.Apply(nn.functional.gelu(theirs), Probability);
        Near.Absolute(oracle, dropped, 3e-6, "values");
        (dropped * weights).sum().backward();
        (oracle * weights).sum().backward();
        Near.Absolute(theirs.grad!, own.grad!, 3e-6, "gradient");
    }

    [TestMethod]
    public void Extreme_inputs_stay_finite()
    {
        using var scope = NewDisposeScope();
        using SeededDropout dropout = new(new Generator(8));
        Tensor x = tensor(new float[] { -1e30f, -100, -20, -0f, 0, 20, 100, 1e19f }).requires_grad_(true);
        Tensor y = DroppedGelu.Apply(x, dropout, 1e-9);
        y.sum().backward();
        Near.Absolute(tensor(new float[] { 0, 0, 0, 0, 0, 20, 100, 1e19f }), y, 1e-6, "values");
        Near.Absolute(tensor(new float[] { 0, 0, 0, 0.5f, 0.5f, 1, 1, 1 }), x.grad!, 1e-6, "gradient");
    }

    [TestMethod]
    public void Masks_drop_the_asked_share_without_a_pattern()
    {
        using var scope = NewDisposeScope();
        using SeededDropout dropout = new(new Generator(8));
        const int Rows = 400, Columns = 1000;
        Tensor mask = dropout.Mask([Rows, Columns], Probability, ones(1));
        Tensor dropped = mask.eq(0).to(ScalarType.Float64);
        double deviation = Math.Sqrt(Probability * (1 - Probability));
        Assert.AreEqual(Probability, dropped.mean().item<double>(), 5 * deviation / Math.Sqrt(Rows * Columns));
        Assert.AreEqual((float)(1 / (1 - Probability)), mask.max().item<float>());

        // Neither rows nor columns nor neighbors know of each other.
        Tensor centred = dropped - Probability;
        Assert.IsLessThan(6 * deviation / Math.Sqrt(Columns), centred.mean([1]).abs().max().item<double>());
        Assert.IsLessThan(6 * deviation / Math.Sqrt(Rows), centred.mean([0]).abs().max().item<double>());
        foreach (int shift in new[] { 1, 2, 16, 1000, 16_384 })
        {
            Tensor flat = centred.view(-1);
            double correlation = (flat[..^shift] * flat[shift..]).mean().item<double>() / (deviation * deviation);
            Assert.AreEqual(0, correlation, 5 / Math.Sqrt(Rows * Columns), $"correlation at distance {shift}");
        }

        Tensor other = dropout.Mask([Rows, Columns], Probability, ones(1)).eq(0).to(ScalarType.Float64) - Probability;
        Assert.AreEqual(
            0, (centred * other).mean().item<double>() / (deviation * deviation), 5 / Math.Sqrt(Rows * Columns),
            "correlation of two masks");
    }
}
