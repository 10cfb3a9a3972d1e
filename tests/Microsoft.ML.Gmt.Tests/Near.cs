using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>Compares tensors within a stated tolerance and says where they differ most.</summary>
internal static class Near
{
    /// <summary>|expected − actual| ≤ tolerance everywhere.</summary>
    public static void Absolute(Tensor expected, Tensor actual, double tolerance, string what)
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(
            expected.shape, actual.shape,
            $"shape of {what}: expected [{string.Join(", ", expected.shape)}], was [{string.Join(", ", actual.shape)}]");
        if (expected.numel() == 0)
        {
            return;
        }

        double difference = (expected.to(ScalarType.Float64) - actual.detach().to(ScalarType.Float64)).abs().max().item<double>();
        Assert.IsTrue(difference <= tolerance, $"{what}: largest difference {difference:g3}, allowed {tolerance:g3}");
    }

    /// <summary>|expected − actual| ≤ max(tolerance · max |expected|, floor) everywhere.</summary>
    public static void Relative(Tensor expected, Tensor actual, double tolerance, string what, double floor = 0)
    {
        using var scope = NewDisposeScope();
        double largest = expected.numel() == 0 ? 0 : expected.abs().max().to(ScalarType.Float64).item<double>();
        Absolute(expected, actual, Math.Max(tolerance * largest, floor), what);
    }
}
