using Microsoft.ML.Gmt.Training;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>Pictures of training runs, of both stages, of embeddings and of path models.</summary>
public static class TrainingPlots
{
    private const int MostPoints = 400;

    /// <summary>
    /// Plots learning curves: the training loss of steps and its mean over each epoch, with validation figures on an axis of their own.
    /// </summary>
    /// <remarks>Of more than 400 steps several are averaged for a point; the legend says how many.</remarks>
    /// <param name="history">
    /// The history of a transformer, as <see cref="GmtTransformer.History"/>.
    /// </param>
    /// <param name="validationName">
    /// What the validation figure is: the filtered mean reciprocal rank in stage 1, the loss in stage 2.
    /// </param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">The history has no steps.</exception>
    /// <example>
    /// <code>
    /// using SgmTransformer model = ml.Transforms.SgmPretrain(graph).Fit(graph.ToDataView());
    /// model.History.PlotLearningCurves("Validation MRR").SavePng("learning.png");
    /// </code>
    /// </example>
    public static GmtPlot PlotLearningCurves(
        this TrainingHistory history, string validationName = "Validation figure", PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentException.ThrowIfNullOrEmpty(validationName);
        return Draw(history, validationName, theme).Finish(760, 460);
    }

    /// <summary>Plots learning curves with a mark at the best epoch, whose weights the model has.</summary>
    /// <param name="result">What came of the run.</param>
    /// <param name="validationName">What the validation figure is.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">The history has no steps.</exception>
    public static GmtPlot PlotLearningCurves(
        this TrainingResult result, string validationName = "Validation figure", PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(validationName);
        Figure figure = Draw(result.History, validationName, theme);
        if (result.BestEpoch is { } best)
        {
            figure.AddMark(best, $"Best epoch: {Figure.Number(best)}");
        }

        return figure.Finish(760, 460);
    }

    private static Figure Draw(TrainingHistory history, string validationName, PlotTheme? theme)
    {
        if (history.Steps.Count == 0)
        {
            throw new ArgumentException(
                "The history has no steps: the model was not trained here, or was cancelled before its first step.", nameof(history));
        }

        (TrainingStep Step, double Epoch)[] steps = [.. history.Steps.GroupBy(step => step.Epoch).SelectMany(Placed)];
        var figure = new Figure(theme, "Learning curves", "Epochs done", "Training loss (mean of rows)");
        if (steps.Length > 1)
        {
            int block = (steps.Length + MostPoints - 1) / MostPoints;
            figure.AddLine(
                steps.Chunk(block).Select(part => (part[^1].Epoch, part.Average(step => step.Step.Loss))),
                block == 1 ? "Loss of a step" : $"Loss, mean of {Figure.Number(block)} steps", style: 0).LineWidth = 1;
        }

        figure.AddSeries(
            history.Steps.GroupBy(step => step.Epoch).Select(epoch => ((double)epoch.Key, epoch.Average(step => step.Loss))),
            "Loss, mean of the epoch", style: 1);
        (double Epoch, double Metric)[] metrics =
            [.. steps.Where(step => step.Step.Metric is not null).Select(step => (step.Epoch, step.Step.Metric!.Value))];
        if (metrics.Length > 0)
        {
            Scatter line = figure.AddSeries(metrics, $"{validationName} (right axis)", style: 2);
            figure.UseRightAxis(line, validationName);
        }

        return figure;
    }

    // The last step of an epoch stands at the epoch's number.
    private static IEnumerable<(TrainingStep Step, double Epoch)> Placed(IGrouping<int, TrainingStep> epoch)
    {
        TrainingStep[] steps = [.. epoch];
        return steps.Select((step, i) => (step, epoch.Key - 1 + ((i + 1.0) / steps.Length)));
    }
}
