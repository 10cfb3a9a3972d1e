using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class TrainingLogTests
{
    [TestMethod]
    public void A_line_comes_every_ten_seconds_and_after_every_epoch()
    {
        var ml = new MLContext();
        List<string> lines = ml.Messages(ChannelMessageKind.Info);
        var clock = new ManualTime();
        int heard = 0;
        using IChannel channel = ((IHostEnvironment)ml).Start("Test");
        var log = new TrainingLog(channel, new Listener<TrainingProgress>(_ => heard++), clock);
        for (int step = 1; step <= 12; step++)
        {
            clock.Now += TimeSpan.FromSeconds(4);
            int epoch = ((step - 1) / 6) + 1;
            log.Report(new TrainingProgress("GMT", epoch, 2, step, 12, 0.5, null, 3, TimeSpan.FromHours(30)) { RecentLoss = 0.25 });
        }

        log.Finish(new TrainingResult(TrainingHistory.Empty, 1, null, null, false, false), "loss");
        CollectionAssert.AreEqual(
            new[]
            {
                "GMT, epoch 1 of 2, step 3 of 12: loss 0.2500, 3 rows/s, 1.6:00:00 left",
                "GMT, epoch 1 of 2, step 6 of 12: loss 0.2500, 3 rows/s, 1.6:00:00 left",
                "GMT, epoch 1 of 2: loss 0.5000, 3 rows/s, 1.6:00:00 left",
                "GMT, epoch 2 of 2, step 10 of 12: loss 0.2500, 3 rows/s, 1.6:00:00 left",
                "GMT, epoch 2 of 2: loss 0.5000, 3 rows/s, 1.6:00:00 left",
            },
            lines);
        Assert.AreEqual(12, heard);
    }
}
