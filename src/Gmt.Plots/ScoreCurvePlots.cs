using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>Pictures of how well scores tell true rows from false ones, of one model or of several.</summary>
public static class ScoreCurvePlots
{
    private const string OneName = "Model";

    /// <summary>Plots a ROC curve; the legend has its area, and says how many rows had no score.</summary>
    /// <param name="curves">What <see cref="AcceptanceCatalog.EvaluateCurves"/> gives.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">Rows of one label are missing.</exception>
    /// <example>
    /// <code>
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// IDataView judged = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));
    /// ml.BinaryClassification.EvaluateCurves(judged).PlotRoc().SaveSvg("roc.svg");
    /// </code>
    /// </example>
    public static GmtPlot PlotRoc(this ScoreCurves curves, PlotTheme? theme = null) => PlotRoc(Named(curves), theme);

    /// <summary>Plots the ROC curves of several models.</summary>
    /// <param name="curves">The curves by the models' names, drawn in their order.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no model, or rows of one label are missing.</exception>
    public static GmtPlot PlotRoc(this IReadOnlyDictionary<string, ScoreCurves> curves, PlotTheme? theme = null)
    {
        Check(curves, curve => curve.Roc.Count > 0);
        var figure = new Figure(
            theme, "ROC curve", "False positive rate (share of false rows held true)", "True positive rate (share of true rows held true)");
        figure.AddReference((0, 0), (1, 1), "By chance: AUC 0.500");
        int style = 0;
        foreach ((string name, ScoreCurves curve) in curves)
        {
            figure.AddLine(
                curve.Roc.Select(point => (point.FalsePositiveRate, point.TruePositiveRate)),
                $"{name}: AUC {Figure.Number(curve.AreaUnderRocCurve, "0.000")}, {Rows(curve)}", style++);
        }

        figure.SetUnitLimits();
        return figure.Finish(640, 600);
    }

    /// <summary>
    /// Plots a precision–recall curve, in steps; the legend has its average precision, and says how many rows had no score.
    /// </summary>
    /// <param name="curves">What <see cref="AcceptanceCatalog.EvaluateCurves"/> gives.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">No row is true.</exception>
    /// <example>
    /// <code>
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// IDataView judged = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));
    /// ml.BinaryClassification.EvaluateCurves(judged).PlotPrecisionRecall(PlotTheme.Dark).SavePng("precision-recall.png");
    /// </code>
    /// </example>
    public static GmtPlot PlotPrecisionRecall(this ScoreCurves curves, PlotTheme? theme = null) =>
        PlotPrecisionRecall(Named(curves), theme);

    /// <summary>Plots the precision–recall curves of several models.</summary>
    /// <param name="curves">The curves by the models' names, drawn in their order.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no model, or one has no true row.</exception>
    public static GmtPlot PlotPrecisionRecall(this IReadOnlyDictionary<string, ScoreCurves> curves, PlotTheme? theme = null)
    {
        Check(curves, curve => curve.PrecisionRecall.Count > 0);
        var figure = new Figure(
            theme, "Precision–recall curve", "Recall (share of true rows held true)", "Precision (share of rows held true that are)");
        double[] shares = [.. curves.Values.Select(curve => (double)curve.Positives / (curve.Positives + curve.Negatives)).Distinct()];
        if (shares is [double share])
        {
            figure.AddReference((0, share), (1, share), $"By chance: precision {Figure.Number(share, "0.000")}");
        }

        int style = 0;
        foreach ((string name, ScoreCurves curve) in curves)
        {
            figure.AddLine(Steps(curve), $"{name}: AP {Figure.Number(curve.AveragePrecision, "0.000")}, {Rows(curve)}", style++);
        }

        figure.SetUnitLimits();
        return figure.Finish(640, 600);
    }

    private static IEnumerable<(double X, double Y)> Steps(ScoreCurves curve)
    {
        double from = 0;
        foreach (PrecisionRecallPoint point in curve.PrecisionRecall)
        {
            yield return (from, point.Precision);
            yield return (from = point.Recall, point.Precision);
        }
    }

    private static Dictionary<string, ScoreCurves> Named(ScoreCurves curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        return new() { [OneName] = curves };
    }

    private static string Rows(ScoreCurves curve) =>
        Figure.RowsText(curve.Positives + curve.Negatives, curve.RowsWithoutScore, "score");

    private static void Check(IReadOnlyDictionary<string, ScoreCurves> curves, Func<ScoreCurves, bool> hasPoints)
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Count == 0)
        {
            throw new ArgumentException("There is no model to plot curves of.", nameof(curves));
        }

        foreach ((string name, ScoreCurves curve) in curves.Where(curve => !hasPoints(curve.Value)))
        {
            throw new ArgumentException(
                $"A curve needs rows of both labels; '{name}' has {curve.Positives} true and {curve.Negatives} false rows with a score, "
                + $"and {curve.RowsWithoutScore} without.", nameof(curves));
        }
    }
}
