using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class AreaUnderCurveTests
{
    [TestMethod]
    public void Is_the_share_of_pairs_in_the_right_order()
    {
        Assert.AreEqual(1, AreaUnderCurve.Of([(0.9, true), (0.1, false)]));
        Assert.AreEqual(0, AreaUnderCurve.Of([(0.1, true), (0.9, false)]));
        Assert.AreEqual(0.5, AreaUnderCurve.Of([(0.3, true), (0.3, false)]), "a tie is half a pair");
        Assert.AreEqual(0.75, AreaUnderCurve.Of([(3, true), (2, false), (1, true), (0, false)]));
        Assert.IsTrue(double.IsNaN(AreaUnderCurve.Of([(1, true), (0, true)])), "no pair");
    }

    [TestMethod]
    public void Is_the_mean_over_all_pairs() => Prop.ForAll<(byte Score, bool Label)[]>(rows =>
    {
        double[] pairs =
        [
            .. from yes in rows.Where(row => row.Label)
               from no in rows.Where(row => !row.Label)
               select yes.Score > no.Score ? 1.0 : yes.Score == no.Score ? 0.5 : 0.0,
        ];
        double area = AreaUnderCurve.Of(rows.Select(row => ((double)row.Score, row.Label)));
        return pairs.Length == 0 ? double.IsNaN(area) : Math.Abs(area - pairs.Average()) < 1e-12;
    }).QuickCheckThrowOnFailure();
}
