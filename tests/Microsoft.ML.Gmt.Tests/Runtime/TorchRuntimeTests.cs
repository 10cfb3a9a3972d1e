using Microsoft.ML.Gmt.Runtime;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class TorchRuntimeTests
{
    [TestMethod]
    public void A_tensor_can_be_made_after_loading()
    {
        TorchRuntime.EnsureLoaded();
        using var ones = torch.ones(3);
        using var sum = ones.sum();
        Assert.AreEqual(3f, sum.item<float>());
    }
}
