using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>Training runs: what came of them, and the learning curve.</summary>
internal static class TrainingHtml
{
    public static string Of(TrainingResult result) => Table.Of(
        "Training run",
        [
            .. Rows(result.History),
            ("Rows of an epoch", Table.Count(result.RowsPerEpoch)),
            ("Best epoch", result.BestEpoch is { } epoch ? Table.Count(epoch) : "–"),
            ("Its validation figure", Table.Figure(result.BestMetric)),
            ("Ended", result.IsCancelled ? "cancelled" : result.IsStoppedEarly ? "early, for lack of progress" : "after the last epoch"),
        ])
        + (result.History.Steps.Count > 0 ? Picture.Of(result.PlotLearningCurves()) : "");

    public static string Of(TrainingHistory history) => Table.Of("Training run", Rows(history))
        + (history.Steps.Count > 0 ? Picture.Of(history.PlotLearningCurves()) : "");

    private static (string Name, string Value)[] Rows(TrainingHistory history) =>
    [
        ("Steps", Table.Count(history.Steps.Count)),
        ("Epochs", Table.Count(history.EpochLosses.Count)),
        ("Mean loss of the first epoch", history.EpochLosses.Count > 0 ? Table.Figure(history.EpochLosses[0]) : "–"),
        ("Mean loss of the last epoch", history.EpochLosses.Count > 0 ? Table.Figure(history.EpochLosses[^1]) : "–"),
    ];
}
