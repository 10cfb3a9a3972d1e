using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class NcclRefusalTests
{
    [TestMethod]
    public void Without_NCCL_all_ranks_end_with_the_reason_and_the_remedy()
    {
        if (NcclLibrary.Refusal is not { } reason)
        {
            Assert.Inconclusive("NCCL can be used here.");
            return;
        }

        foreach (Exception? failure in Ranks.Failures(Ranks.Options(2, CollectiveEngine.Nccl), _ => { }))
        {
            Assert.IsInstanceOfType<CollectiveException>(failure);
            StringAssert.Contains(failure.Message, $"GMT_COLLECTIVE is nccl, which cannot be used: rank 0: {reason}.");
            StringAssert.Contains(failure.Message, "Set GMT_COLLECTIVE=managed in all ranks.");
        }
    }
}
