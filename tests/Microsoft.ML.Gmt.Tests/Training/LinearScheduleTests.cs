using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class LinearScheduleTests
{
    [TestMethod]
    [DataRow(0, 0.0)]
    [DataRow(1, 0.5)]
    [DataRow(4, 2.0)]
    [DataRow(5, 1.8)]
    [DataRow(13, 0.2)]
    [DataRow(14, 0.0)]
    [DataRow(99, 0.0)]
    public void The_rate_rises_and_falls_linearly(long step, double expected) =>
        Assert.AreEqual(expected, new LinearSchedule(2, steps: 14, warmupSteps: 4).RateAt(step), 1e-15);

    [TestMethod]
    public void Without_a_rise_the_first_step_has_the_peak() =>
        Assert.AreEqual(3e-4, new LinearSchedule(3e-4, steps: 10, warmupSteps: 0).RateAt(0));

    [TestMethod]
    public void A_training_shorter_than_the_rise_never_reaches_the_peak() =>
        Assert.AreEqual(3e-4 * 0.04, new LinearSchedule(3e-4, steps: 5).RateAt(4), 1e-18);
}
