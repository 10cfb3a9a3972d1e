using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class TrainingResultTests
{
    private static readonly TrainingHistory s_history =
        new([new(1, 1, 0.75, 0.1, 10), new(2, 1, 0.25, 0.1, 10), new(3, 2, 0.125, 0.1, 10)]);

    [TestMethod]
    public void Its_text_says_how_it_went()
    {
        Assert.AreEqual(
            "3 steps in 2 epochs, loss 0.5000 to 0.1250, best epoch 2 with 0.4125, stopped early",
            $"{new TrainingResult(s_history, 4, 2, 0.4125, IsStoppedEarly: true, IsCancelled: false)}");
        Assert.AreEqual(
            "3 steps in 2 epochs, loss 0.5000 to 0.1250, cancelled",
            $"{new TrainingResult(s_history, 4, null, null, IsStoppedEarly: false, IsCancelled: true)}");
        Assert.AreEqual("no steps", $"{new TrainingResult(TrainingHistory.Empty, 0, null, null, false, false)}");
    }
}
