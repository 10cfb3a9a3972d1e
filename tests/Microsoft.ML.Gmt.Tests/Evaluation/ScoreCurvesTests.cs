using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class ScoreCurvesTests
{
    [TestMethod]
    public void Known_rows_give_known_points()
    {
        ScoreCurves curves = ScoreCurves.Of([(0.8, true), (0.35, true), (0.4, false), (0.1, false), (double.NaN, true)]);
        CollectionAssert.AreEqual(
            new RocPoint[] { new(double.PositiveInfinity, 0, 0), new(0.8, 0, 0.5), new(0.4, 0.5, 0.5), new(0.35, 0.5, 1), new(0.1, 1, 1) },
            curves.Roc.ToArray());
        CollectionAssert.AreEqual(new PrecisionRecallPoint[] { new(0.8, 0.5, 1), new(0.35, 1, 2 / 3.0) }, curves.PrecisionRecall.ToArray());
        Assert.AreEqual(0.75, curves.AreaUnderRocCurve, 1e-12);
        Assert.AreEqual(0.5 + (0.5 * 2 / 3), curves.AveragePrecision, 1e-12);
        Assert.AreEqual((2, 2, 1), (curves.Positives, curves.Negatives, curves.RowsWithoutScore));
        Assert.AreEqual("2 true and 2 false rows: AUC 0.7500, average precision 0.8333; 1 without a score", curves.ToString());
    }

    [TestMethod]
    public void Points_on_a_straight_line_are_left_out()
    {
        ScoreCurves perfect = ScoreCurves.Of([(4, true), (3, true), (2, true), (1, false), (0, false)]);
        CollectionAssert.AreEqual(
            new[] { (0.0, 0.0), (0, 1), (1, 1) },
            perfect.Roc.Select(point => (point.FalsePositiveRate, point.TruePositiveRate)).ToArray());
        Assert.HasCount(3, perfect.PrecisionRecall, "each true row adds to the recall");
    }

    [TestMethod]
    public void Rows_of_one_label_give_no_curve()
    {
        ScoreCurves isTrue = ScoreCurves.Of([(1, true), (0, true)]), isFalse = ScoreCurves.Of([(1, false)]);
        Assert.IsEmpty(isTrue.Roc);
        Assert.IsTrue(double.IsNaN(isTrue.AreaUnderRocCurve));
        Assert.AreEqual(1, isTrue.AveragePrecision, 1e-12);
        Assert.IsEmpty(isFalse.PrecisionRecall);
        Assert.IsTrue(double.IsNaN(isFalse.AveragePrecision));
        ScoreCurves none = ScoreCurves.Of([(double.NaN, true)]);
        Assert.AreEqual((0, 0, 1), (none.Positives, none.Negatives, none.RowsWithoutScore));
    }

    [TestMethod]
    public void Every_point_is_what_its_threshold_makes_of_the_rows() => Prop.ForAll<(byte Score, bool Label)[]>(bytes =>
    {
        (double Score, bool Label)[] rows = [.. bytes.Select(row => ((double)row.Score, row.Label))];
        ScoreCurves curves = ScoreCurves.Of(rows);
        double isTrue = rows.Count(row => row.Label), isFalse = rows.Length - isTrue;
        bool roc = curves.Roc.All(point =>
            Share(true, point.Threshold) / isTrue == point.TruePositiveRate
            && Share(false, point.Threshold) / isFalse == point.FalsePositiveRate);
        bool precision = curves.PrecisionRecall.All(point =>
            Share(true, point.Threshold) / isTrue == point.Recall
            && Share(true, point.Threshold) / rows.Count(row => row.Score >= point.Threshold) == point.Precision);
        return roc && precision && (curves.Roc.Count > 0) == (isTrue > 0 && isFalse > 0);

        double Share(bool label, double threshold) => rows.Count(row => row.Label == label && row.Score >= threshold);
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Areas_under_the_points_are_those_of_all_thresholds() => Prop.ForAll<(byte Score, bool Label)[]>(bytes =>
    {
        (double Score, bool Label)[] rows = [.. bytes.Select(row => (row.Score / 16.0, row.Label))];
        ScoreCurves curves = ScoreCurves.Of(rows);
        double area = curves.Roc.Zip(curves.Roc.Skip(1)).Sum(pair =>
            (pair.Second.FalsePositiveRate - pair.First.FalsePositiveRate)
            * (pair.First.TruePositiveRate + pair.Second.TruePositiveRate) / 2);
        double average = rows.Where(row => row.Label).Average(row => (double?)Precision(row.Score)) ?? double.NaN;
        return (curves.Roc.Count == 0 || Math.Abs(area - curves.AreaUnderRocCurve) < 1e-12)
            && (double.IsNaN(average) ? double.IsNaN(curves.AveragePrecision) : Math.Abs(average - curves.AveragePrecision) < 1e-12);

        double Precision(double threshold) => rows.Where(row => row.Score >= threshold).Average(row => row.Label ? 1.0 : 0);
    }).QuickCheckThrowOnFailure();
}
