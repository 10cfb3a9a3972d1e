using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Plots;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class ScoreCurvePlotsTests
{
    private static readonly ScoreCurves Known =
        ScoreCurves.Of([(0.8, true), (0.35, true), (0.4, false), (0.1, false), (double.NaN, true)]);

    [TestMethod]
    public void A_ROC_curve_has_its_points_and_says_its_area_and_what_was_left_out()
    {
        var svg = new SvgPicture(Known.PlotRoc().ToSvg());
        Assert.AreEqual(5, svg.PointsOf(PlotTheme.Light.Series[0]));
        Assert.Contains("Model: AUC 0.750, 4 rows, 1 without score left out", svg.Texts);
        Assert.Contains("By chance: AUC 0.500", svg.Texts);
    }

    [TestMethod]
    public void A_precision_recall_curve_has_two_points_for_each_step()
    {
        var svg = new SvgPicture(Known.PlotPrecisionRecall().ToSvg());
        Assert.AreEqual(2 * Known.PrecisionRecall.Count, svg.PointsOf(PlotTheme.Light.Series[0]));
        Assert.Contains("Model: AP 0.833, 4 rows, 1 without score left out", svg.Texts);
        Assert.Contains("By chance: precision 0.500", svg.Texts);
    }

    [TestMethod]
    public void Several_models_differ_in_color_and_line_and_are_named()
    {
        var curves = new Dictionary<string, ScoreCurves>
        {
            ["one"] = Known,
            ["two"] = ScoreCurves.Of([(2, true), (1, false), (0, false)]),
        };
        foreach (SvgPicture svg in new[] { new SvgPicture(curves.PlotRoc().ToSvg()), new SvgPicture(curves.PlotPrecisionRecall().ToSvg()) })
        {
            Assert.IsTrue(svg.Texts.Any(text => text.StartsWith("one: A", StringComparison.Ordinal)));
            Assert.IsTrue(svg.Texts.Any(text => text.StartsWith("two: A", StringComparison.Ordinal)));
            Assert.AreNotEqual(0, svg.PointsOf(PlotTheme.Light.Series[1]));
            Assert.AreNotEqual(svg.DashesOf(PlotTheme.Light.Series[0])[0], svg.DashesOf(PlotTheme.Light.Series[1])[0]);
        }

        Assert.IsFalse(
            new SvgPicture(curves.PlotPrecisionRecall().ToSvg()).Texts.Any(text => text.StartsWith("By chance", StringComparison.Ordinal)),
            "their shares of true rows differ");
    }

    [TestMethod]
    public void Rows_of_one_label_are_refused_by_name_and_number()
    {
        var curves = new Dictionary<string, ScoreCurves> { ["half"] = ScoreCurves.Of([(1, true), (double.NaN, false)]) };
        ArgumentException refusal = Assert.ThrowsExactly<ArgumentException>(() => curves.PlotRoc());
        StringAssert.Contains(refusal.Message, "'half' has 1 true and 0 false rows with a score, and 1 without");
        Assert.AreEqual(2, new SvgPicture(curves.PlotPrecisionRecall().ToSvg()).PointsOf(PlotTheme.Light.Series[0]), "one step");
        Assert.ThrowsExactly<ArgumentException>(() => ScoreCurves.Of([]).PlotPrecisionRecall());
        Assert.ThrowsExactly<ArgumentException>(() => new Dictionary<string, ScoreCurves>().PlotRoc());
    }
}
