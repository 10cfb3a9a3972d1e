using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class SeededDropoutTests
{
    private const double Probability = 0.25;

    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

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

    [TestMethod]
    public void A_row_has_the_mask_of_its_key_wherever_it_stands()
    {
        using var scope = NewDisposeScope();
        ulong[] keys = [.. Enumerable.Range(0, 300).Select(row => (ulong)row * 0x9E3779B97F4A7C15)];
        Tensor all = empty([300, 40]), reversed = empty([300, 40]), other = empty([300, 40]);
        RowPasses.FillMask(DropoutDraw.Of(Probability, 5, keys), all);
        RowPasses.FillMask(DropoutDraw.Of(Probability, 5, [.. keys.Reverse()]), reversed);
        RowPasses.FillMask(DropoutDraw.Of(Probability, 6, keys), other);
        Assert.IsTrue(all.flip(0).eq(reversed).all().item<bool>());
        Assert.IsFalse(all.eq(other).all().item<bool>());
    }

    [TestMethod]
    public void A_row_of_a_batch_has_its_mask_whatever_rows_are_beside_it_and_however_far_they_are_padded()
    {
        using var scope = NewDisposeScope();
        Tensor Mask(ulong[] rows, params long[] shape) => new SeededDropout(new Generator(8), rows).Mask(shape, Probability, ones(1));
        Tensor all = Mask([0, 1, 2, 3], 4, 6, 50), part = Mask([2, 3], 2, 6, 50), shorter = Mask([2, 3], 2, 4, 50);
        Assert.IsTrue(all[2..].eq(part).all().item<bool>());
        Assert.IsTrue(all[2.., 2..].eq(shorter).all().item<bool>());
        Assert.IsFalse(all[..2].eq(part).all().item<bool>());
        Tensor heads = Mask([0, 1, 2], 3, 2, 6, 50), lastHeads = Mask([2], 1, 2, 5, 50);
        Assert.IsTrue(heads[2.., .., 1..].eq(lastHeads).all().item<bool>());
        Assert.IsFalse(heads[.., 0].eq(heads[.., 1]).all().item<bool>());
        Assert.ThrowsExactly<ArgumentException>(() => Mask([0], 2, 50));
    }

    [TestMethod]
    public void Any_shape_has_a_mask()
    {
        using var scope = NewDisposeScope();
        using SeededDropout dropout = new(new Generator(8));
        foreach (long[] shape in new long[][] { [], [0], [3, 0], [0, 3], [7], [2, 3, 5] })
        {
            CollectionAssert.AreEqual(shape, dropout.Mask(shape, Probability, ones(1)).shape);
        }

        Assert.IsTrue(dropout.Mask([2, 3], 0, ones(1)).eq(1).all().item<bool>());
    }
}
