using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class NcclCollectiveTests : CollectiveContract
{
    private const int Most = 3; // ranks of the contract

    private protected override CollectiveEngine Engine => CollectiveEngine.Nccl;

    [TestInitialize]
    public void Skip_without_a_GPU_for_each_rank()
    {
        if (NcclLibrary.Refusal is { } reason)
        {
            Assert.Inconclusive($"NCCL cannot be used: {reason}");
        }

        if (NcclLibrary.Functions.DeviceCount < Most)
        {
            Assert.Inconclusive($"There are fewer than {Most} GPUs.");
        }
    }
}
