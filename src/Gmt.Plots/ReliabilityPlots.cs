using Microsoft.ML.Gmt.Evaluation;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>Pictures of how far probabilities are what they say.</summary>
public static class ReliabilityPlots
{
    /// <summary>
    /// Plots a reliability diagram: for each bin the share of true statements over the mean probability, and how many rows it has. Where
    /// probabilities are what they say, the points lie on the diagonal.
    /// </summary>
    /// <param name="metrics">What <see cref="AcceptanceCatalog.EvaluateCalibration"/> gives.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">No row has a probability.</exception>
    /// <example>
    /// <code>
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// IDataView judged = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));
    /// ml.BinaryClassification.EvaluateCalibration(judged).PlotReliability().SaveSvg("reliability.svg");
    /// </code>
    /// </example>
    public static GmtPlot PlotReliability(this CalibrationMetrics metrics, PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        (CalibrationBin Bin, double Middle)[] bins =
        [
            .. metrics.Bins.Select((bin, i) => (bin, (i + 0.5) / metrics.Bins.Count)).Where(bin => bin.bin.Count > 0),
        ];
        if (bins.Length == 0)
        {
            throw new ArgumentException(
                $"There is no row with a probability; {metrics.RowsWithoutVerdict} rows are without one.", nameof(metrics));
        }

        int rows = bins.Sum(bin => bin.Bin.Count);
        var figure = new Figure(
            theme, $"Reliability: expected calibration error {Figure.Number(100 * metrics.ExpectedError, "0.0")} %\n"
            + Figure.RowsText(rows, metrics.RowsWithoutVerdict, "probability"),
            "Mean predicted probability of being true", "Share that is true");
        BarPlot counts = figure.AddBars(
            bins.Select(bin => (bin.Middle, (double)bin.Bin.Count)), "Rows in the bin (right axis)", style: 1, 0.9 / metrics.Bins.Count);
        figure.UseRightAxis(counts, "Rows (count)");
        figure.AddReference((0, 0), (1, 1), "What probabilities say");
        figure.AddSeries(bins.Select(bin => (bin.Bin.MeanProbability, bin.Bin.TrueShare)), "Share that is true", style: 0);
        figure.SetUnitLimits();

        // Bars take the lower third, so that the points stand clear of most of them.
        figure.Plot.Axes.SetLimitsY(0, 3 * bins.Max(bin => bin.Bin.Count), figure.Plot.Axes.Right);
        return figure.Finish(640, 560);
    }
}
