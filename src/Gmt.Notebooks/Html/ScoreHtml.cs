using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Plots;

namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>What scores and probabilities are worth: curves over thresholds, and calibration.</summary>
internal static class ScoreHtml
{
    public static string Of(ScoreCurves curves) => Table.Of(
        "Scores",
        ("Area under the ROC curve", Table.Figure(curves.AreaUnderRocCurve)),
        ("Average precision", Table.Figure(curves.AveragePrecision)),
        ("Rows that are true", Table.Count(curves.Positives)),
        ("Rows that are false", Table.Count(curves.Negatives)),
        ("Rows without a score", Table.Count(curves.RowsWithoutScore)))
        + (curves.Roc.Count > 0 ? Picture.Of(curves.PlotRoc()) : "");

    public static string Of(CalibrationMetrics calibration)
    {
        int rows = calibration.Bins.Sum(bin => bin.Count);
        return Table.Of(
            "Probabilities",
            ("Expected calibration error", Table.Figure(calibration.ExpectedError)),
            ("Rows", Table.Count(rows)),
            ("Rows without a verdict", Table.Count(calibration.RowsWithoutVerdict)))
            + (rows > 0 ? Picture.Of(calibration.PlotReliability()) : "");
    }
}
