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
            sharing.Take(7);
            sharing.Take(1);
            return sharing;
        });
        Assert.AreEqual(8, ranks.Sum(sharing => sharing.RowsTaken));
        Assert.IsTrue(Array.TrueForAll(ranks, sharing => sharing.IsShared));
        StepSharing alone = StepSharing.Of(SingleRank.Instance);
        Assert.AreEqual(new RowShare(0, 7), alone.Take(7));
        Assert.AreEqual(7, alone.RowsTaken);
        Assert.IsFalse(alone.IsShared);
        Assert.AreSame(SingleProcess.Instance, alone.Average);
    }
}
