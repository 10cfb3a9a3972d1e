using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class SgmTrainingOptionsTests
{
    [TestMethod]
    [DataRow(17, 200, DisplayName = "a step an epoch: as many as there may be")]
    [DataRow(1_600, 154, DisplayName = "13 steps an epoch")]
    [DataRow(32_888, 20, DisplayName = "257 steps an epoch: the reference's")]
    public void Small_graphs_are_passed_over_more_often(int triples, int epochs)
    {
        SgmTrainingOptions settled = new SgmTrainingOptions().Settled(triples);
        Assert.AreEqual(epochs, settled.NumberOfEpochs);
        Assert.AreEqual(settled, settled.Settled(1), "what is settled stays");
    }

    [TestMethod]
    public void The_reference_passes_20_times_over_any_graph() =>
        Assert.AreEqual(20, SgmTrainingOptions.Reference.Settled(17).NumberOfEpochs);
}
