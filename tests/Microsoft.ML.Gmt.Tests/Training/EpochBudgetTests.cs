using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class EpochBudgetTests
{
    private static readonly EpochBudget Budget = new(Steps: 1_000, Fewest: 3, Most: 50);

    [TestMethod]
    [DataRow(0, 50, DisplayName = "no row: the most")]
    [DataRow(320, 50, DisplayName = "10 steps an epoch: the most")]
    [DataRow(3_200, 10, DisplayName = "100 steps an epoch")]
    [DataRow(3_201, 10, DisplayName = "101 steps an epoch, the last one of a row: 9.9 are rounded up")]
    [DataRow(32_000, 3, DisplayName = "1,000 steps an epoch: the fewest")]
    public void As_many_epochs_as_make_the_steps_within_bounds(int rows, int epochs) =>
        Assert.AreEqual(epochs, Budget.EpochsFor(rows, batchSize: 32));

    [TestMethod]
    public void It_says_its_rule() => Assert.AreEqual("as many as make 1,000 steps, from 3 to 50", $"{Budget}");
}
