using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Begins reports on what a model answers.</summary>
internal static class ModelReport
{
    /// <summary>A report with a title; of a path model, what its weights have seen stands beside every figure.</summary>
    public static Report Titled(FactModel model, string title)
    {
        var report = new Report(title);
        return model.PathModel is { } paths ? report.With("weights", Weights(paths)) : report;
    }

    /// <summary>Where the weights of a path model come from.</summary>
    public static string Weights(PathScoringTransformer model) =>
        model.Origin.IsTrainedOnGraph ? $"{model.Origin}" : $"{model.Origin.FileName}, {model.Origin}";
}
