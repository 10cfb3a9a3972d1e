using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class StepSharingTests
{
    [TestMethod]
    public void Shares_follow_each_other_and_are_equally_long_up_to_one_row()
    {
        foreach (int rows in new[] { 0, 1, 5, 7, 12, int.MaxValue })
        {
            foreach (int size in new[] { 1, 2, 3, 4, 7 })
            {
                RowShare[] shares = [.. Enumerable.Range(0, size).Select(rank => RowShare.Of(rank, size, rows))];
                Assert.AreEqual(0, shares[0].First);
                Assert.AreEqual(rows, shares[^1].End);
                for (int rank = 1; rank < size; rank++)
                {
                    Assert.AreEqual(shares[rank - 1].End, shares[rank].First);
                }

                Assert.IsLessThanOrEqualTo(1, shares.Max(share => share.Count) - shares.Min(share => share.Count));
            }
        }
    }

    [TestMethod]
    public void Every_row_is_taken_in_one_of_the_ranks_and_one_process_takes_all()
    {
        StepSharing[] ranks = Ranks.Run(3, ranks =>
        {
            StepSharing sharing = StepSharing.Of(ranks);
            foreach (int rows in new[] { 7, 1 })
            {
                sharing.Learn([], rows, share =>
                {
                    sharing.Count(share.Count);
                    return new PartLoss(1, share.Count);
                });
            }

            return sharing;
        });
        Assert.AreEqual(8, ranks.Sum(sharing => sharing.RowsTaken));
        Assert.IsTrue(Array.TrueForAll(ranks, sharing => sharing.IsDivided));
        StepSharing alone = StepSharing.Of(SingleRank.Instance);
        CollectionAssert.AreEqual(new[] { new RowShare(0, 7) }, alone.OwnParts(7).ToArray());
        Assert.AreEqual(0.5, alone.Learn([], 7, share => new PartLoss(share.Count == 7 ? 0.5 : 0, 1)));
        Assert.IsFalse(alone.IsDivided);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(12)]
    public void A_reproducible_step_has_twelve_parts_for_any_number_of_ranks(int size)
    {
        (long Rows, double Loss)[] all = Ranks.Run(size, ranks =>
        {
            StepSharing sharing = StepSharing.Of(ranks, reproducible: true);
            double loss = sharing.Learn([], 100, share =>
            {
                sharing.Count(share.Count);
                return new PartLoss(share.First, share.Count);
            });
            return (sharing.RowsTaken, loss);
        });
        Assert.AreEqual(100, all.Sum(rank => rank.Rows));
        RowShare[] parts = [.. Enumerable.Range(0, 12).Select(part => RowShare.Of(part, 12, 100))];
        Assert.IsTrue(Array.TrueForAll(all, rank => rank.Loss == all[0].Loss));
        Assert.AreEqual(parts.Sum(part => part.First * part.Count) / 100.0, all[0].Loss, 1e-4);
    }

    [TestMethod]
    public void More_ranks_than_parts_are_refused()
    {
        Exception?[] failures = Ranks.Failures(Ranks.Options(13), ranks => StepSharing.Of(ranks, reproducible: true));
        Assert.IsTrue(Array.TrueForAll(failures, failure => failure is ArgumentException or CollectiveException));
        StringAssert.Contains(failures.OfType<ArgumentException>().First().Message, "13 processes cannot share it: start at most 12");
    }
}
