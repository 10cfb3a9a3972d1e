using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class WeightHashTests
{
    [TestMethod]
    public void Names_types_shapes_order_and_every_bit_count_and_strides_do_not()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        (string, Parameter) first = ("first", new Parameter(arange(6, ScalarType.Float32).reshape(2, 3)));
        (string, Parameter) second = ("second", new Parameter(zeros(4)));
        string hash = WeightHash.Of([first, second]);
        Assert.AreEqual(hash, WeightHash.Of([first, second]));
        Parameter strided = new(arange(6, ScalarType.Float32).reshape(2, 3).t().contiguous().t());
        Assert.IsFalse(strided.is_contiguous());
        Assert.AreEqual(hash, WeightHash.Of([("first", strided), second]));

        Tensor touched = arange(6, ScalarType.Float32).reshape(2, 3);
        touched[1, 2].copy_(tensor(MathF.BitIncrement(5f)));
        string[] others =
        [
            WeightHash.Of([("first", new Parameter(touched)), second]),
            WeightHash.Of([("first", new Parameter(arange(6, ScalarType.Float32).reshape(3, 2))), second]),
            WeightHash.Of([("first", new Parameter(arange(6, ScalarType.Float32).reshape(2, 3).to(ScalarType.BFloat16))), second]),
            WeightHash.Of([("third", first.Item2), second]), WeightHash.Of([second, first]), WeightHash.Of([first]), WeightHash.Of([]),
        ];
        CollectionAssert.AllItemsAreUnique(others.Append(hash).ToArray());
    }
}
