using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class RowKernelsTests
{
    private const int Rows = 150;

    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow("portable")]
    [DataRow("AVX2")]
    [DataRow("AVX-512")]
    public void Native_kernels_and_their_managed_twin_agree(string name)
    {
        var kernels = new NativeRowKernels(RequiredNative.Instructions(name));
        foreach ((double probability, int width) in new[] { (0.0, 37), (0.25, 5), (0.25, 37), (0.1, 256) })
        {
            using var scope = NewDisposeScope();
            List<Tensor> managed = Run(new ManagedRowKernels(), probability, width), native = Run(kernels, probability, width);
            Assert.IsTrue(managed[0].eq(native[0]).all().item<bool>(), $"bits of the mask, {probability}, {width}");
            for (int i = 1; i < managed.Count; i++)
            {
                double tolerance = 1e-6 * Math.Max(1, managed[i].abs().max().item<float>());
                Near.Absolute(managed[i], native[i], tolerance, $"result {i}, {probability}, {width}");
            }
        }
    }

    [TestMethod]
    public void Results_are_the_same_bits_on_any_number_of_threads()
    {
        using var scope = NewDisposeScope();
        int threads = get_num_threads();
        try
        {
            foreach (IRowKernels kernels in new[] { IRowKernels.Best, new ManagedRowKernels() })
            {
                set_num_threads(1);
                List<Tensor> alone = Run(kernels, 0.25, 37);
                set_num_threads(3);
                List<Tensor> together = Run(kernels, 0.25, 37);
                for (int i = 0; i < alone.Count; i++)
                {
                    Assert.IsTrue(alone[i].eq(together[i]).all().item<bool>(), $"result {i}");
                }
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static List<Tensor> Run(IRowKernels kernels, double probability, int width)
    {
        using Generator generator = new(4);
        Tensor Draw(params long[] shape) => randn(shape, generator: generator) * 2;
        DropoutDraw mask = probability == 0
            ? DropoutDraw.None
            : DropoutDraw.Of(probability, 77, [.. Enumerable.Range(0, Rows).Select(row => CounterRandom.Mix((ulong)row))]);
        Tensor weights = empty([Rows, width]), values = Draw(Rows, width), inner = Draw(Rows, width), bias = Draw(width);
        RowPasses.FillMask(mask, weights, kernels);
        Tensor activations = RowPasses.Gelu(mask, bias, values, kernels);
        Tensor sums = RowPasses.GeluBack(values, inner, kernels);
        Tensor scale = Draw(width), gradients = Draw(Rows, width), normalized = empty([Rows, width]);
        (Tensor output, Tensor inverse) = RowPasses.AddNorm(
            mask, Draw(Rows, width), Draw(Rows, width), bias, scale, bias, 1e-5f, normalized, kernels);
        (Tensor x, Tensor y, Tensor yBias, Tensor weight, Tensor ownBias) = RowPasses.AddNormBack(
            mask, gradients, normalized, inverse, scale, kernels);
        return [weights, values, activations, inner, sums, output, normalized, inverse, x, y, yBias, weight, ownBias];
    }
}
