using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>ML.NET's metrics of yes and no: figures, and which answers were right.</summary>
internal static class ClassificationHtml
{
    public static string Of(CalibratedBinaryClassificationMetrics metrics) =>
        Of(metrics, ("Log-loss (bits)", Table.Figure(metrics.LogLoss)), ("Reduction of log-loss", Table.Figure(metrics.LogLossReduction)));

    public static string Of(BinaryClassificationMetrics metrics) => Of(metrics, []);

    private static string Of(BinaryClassificationMetrics metrics, params (string Name, string Value)[] more) =>
        Table.Of(
            "Verdicts",
            [
                ("Accuracy", Table.Figure(metrics.Accuracy)),
                ("Area under the ROC curve", Table.Figure(metrics.AreaUnderRocCurve)),
                ("Area under the precision–recall curve", Table.Figure(metrics.AreaUnderPrecisionRecallCurve)),
                ("F1", Table.Figure(metrics.F1Score)),
                ("Precision of true", Table.Figure(metrics.PositivePrecision)),
                ("Recall of true", Table.Figure(metrics.PositiveRecall)),
                ("Precision of false", Table.Figure(metrics.NegativePrecision)),
                ("Recall of false", Table.Figure(metrics.NegativeRecall)),
                .. more,
            ])
        + ConfusionPicture.Of(metrics.ConfusionMatrix);
}
