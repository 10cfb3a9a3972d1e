using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class RocCurveTests
{
    [TestMethod]
    public void A_tie_counts_half()
    {
        Assert.AreEqual(0.5, RocCurve.Area([(0.3, true), (0.3, false)]));
        Assert.AreEqual(0.5, RocCurve.Area([(1, true), (1, false), (1, false), (1, true), (1, false)]));
        Assert.AreEqual(1.0, RocCurve.Area([(2, true), (1, false)]));
        Assert.AreEqual(0.0, RocCurve.Area([(1, true), (2, false)]));

        // Pairs: 3 > 2, 3 > 1, 2 = 2, 2 > 1.
        Assert.AreEqual(3.5 / 4, RocCurve.Area([(3, true), (2, false), (2, true), (1, false)]), 1e-15);
    }

    [TestMethod]
    public void It_is_the_share_of_pairs_in_the_right_order()
    {
        var random = new Random(3);
        (double Score, bool Label)[] rows = [.. Enumerable.Range(0, 200).Select(_ => ((double)random.Next(12), random.Next(3) == 0))];
        double pairs = 0, won = 0;
        foreach ((double score, _) in rows.Where(row => row.Label))
        {
            foreach ((double other, _) in rows.Where(row => !row.Label))
            {
                pairs++;
                won += score > other ? 1 : score == other ? 0.5 : 0;
            }
        }

        Assert.AreEqual(won / pairs, RocCurve.Area(rows), 1e-12);
    }

    [TestMethod]
    public void Without_both_kinds_there_is_none()
    {
        Assert.IsTrue(double.IsNaN(RocCurve.Area([])));
        Assert.IsTrue(double.IsNaN(RocCurve.Area([(1, true)])));
        Assert.IsTrue(double.IsNaN(RocCurve.Area([(1, false)])));
    }
}
