using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class FiniteTensorTests
{
    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    [DataRow(ScalarType.Float16)]
    [DataRow(ScalarType.BFloat16)]
    public void Any_place_of_any_floating_type_is_looked_at(ScalarType type)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Tensor large = ones([3_000_001], type), small = ones([5, 3], type);
        Assert.IsTrue(FiniteTensor.IsFinite(large));
        Assert.IsTrue(FiniteTensor.IsFinite(small.t()));
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (long place in new[] { 0L, 1_500_000, 3_000_000 })
            {
                large[place] = bad;
                Assert.IsFalse(FiniteTensor.IsFinite(large), $"{bad} at {place}");
                large[place] = 1;
            }

            small[4, 1] = bad;
            Assert.IsFalse(FiniteTensor.IsFinite(small.t()), "not contiguous");
            small[4, 1] = 1;
        }
    }

    [TestMethod]
    public void Whole_numbers_and_no_numbers_are_finite()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Assert.IsTrue(FiniteTensor.IsFinite(tensor(new[] { -1L })));
        Assert.IsTrue(FiniteTensor.IsFinite(empty(0)));
        Assert.IsTrue(FiniteTensor.IsFinite(tensor(float.MinValue)));
        Assert.IsFalse(FiniteTensor.IsFinite(tensor(float.NaN)));
    }

    [TestMethod]
    public void A_state_dict_with_such_a_weight_changes_nothing()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> own = new() { ["a"] = zeros(2), ["b"] = zeros(2) };
        Dictionary<string, Tensor> stored = new() { ["a"] = ones(2), ["b"] = tensor(new[] { 1, float.NegativeInfinity }) };
        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => StateDict.Load(own, stored, "some.pth", "the model"));
        Assert.AreEqual("b", error.TensorName);
        StringAssert.Contains(error.Message, "some.pth");
        StringAssert.Contains(error.Message, "not finite");
        Assert.AreEqual(0f, own["a"].sum().item<float>());
    }
}
