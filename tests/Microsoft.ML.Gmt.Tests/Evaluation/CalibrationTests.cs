using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class CalibrationTests
{
    [TestMethod]
    public void Is_the_mean_gap_between_what_is_said_and_what_is()
    {
        Assert.AreEqual(0, Calibration.ExpectedError([(1, true), (0, false)]));
        Assert.AreEqual(1, Calibration.ExpectedError([(1, false), (0, true)]));

        // Two bins: 0.75 said and 1 of 2 true; 0.1 said and 0 of 1 true.
        Assert.AreEqual(((2 * 0.25) + 0.1) / 3, Calibration.ExpectedError([(0.7, true), (0.8, false), (0.1, false)], bins: 2), 1e-12);
        Assert.IsTrue(double.IsNaN(Calibration.ExpectedError([])));
    }

    [TestMethod]
    public void Refuses_what_is_no_probability() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Calibration.ExpectedError([(1.01, true)]));
}
