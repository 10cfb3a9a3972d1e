using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>What options that are left open become.</summary>
[TestClass]
public sealed class GmtTrainingOptionsTests
{
    [TestMethod]
    [DataRow(0, 200, 20)]
    [DataRow(36, 200, 40)] // 2 steps an epoch, as many epochs as there are at most
    [DataRow(3_200, 25, 100)]
    [DataRow(3_201, 25, 100)]
    [DataRow(65_776, 3, 100)] // 2,056 steps an epoch, as few epochs as there are at least
    public void Epochs_make_2500_steps_and_a_tenth_of_a_short_run_warms_up(int rows, int epochs, int warmup)
    {
        GmtTrainingOptions settled = new GmtTrainingOptions().Settled(rows, hiddenSize: 192);
        Assert.AreEqual(epochs, settled.NumberOfEpochs);
        Assert.AreEqual(warmup, settled.WarmupSteps);
        Assert.AreEqual(settled, settled.Settled(1, hiddenSize: 4_096), "what is settled stays");
    }

    [TestMethod]
    [DataRow(1_023, 5e-4)]
    [DataRow(1_024, 3e-4)]
    public void The_rate_is_that_of_the_width(int hiddenSize, double rate) =>
        Assert.AreEqual(rate, new GmtTrainingOptions().Settled(100, hiddenSize).LearningRate);

    [TestMethod]
    public void What_is_given_stays()
    {
        GmtTrainingOptions given = new() { NumberOfEpochs = 0, LearningRate = 1e-2, WarmupSteps = 7 };
        Assert.AreEqual(given, given.Settled(1_000, 192));
    }
}
