using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Training;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class TrainingPlotsTests
{
    [TestMethod]
    public void A_real_run_gives_a_point_for_each_step_and_each_epoch()
    {
        TrainingHistory history = PlotSamples.Get().History;
        var svg = new SvgPicture(history.PlotLearningCurves("Validation MRR").ToSvg());
        Assert.AreEqual(history.Steps.Count, svg.PointsOf(PlotTheme.Light.Series[0]));
        Assert.AreEqual(history.EpochLosses.Count, svg.PointsOf(PlotTheme.Light.Series[1]));
        Assert.Contains("Loss of a step", svg.Texts);
        Assert.Contains("Loss, mean of the epoch", svg.Texts);
        bool isValidated = history.Steps.Any(step => step.Metric is not null);
        Assert.AreEqual(isValidated, svg.Texts.Contains("Validation MRR (right axis)"));
    }

    [TestMethod]
    public void Validation_figures_have_an_axis_of_their_own_and_the_best_epoch_a_mark()
    {
        var result = new TrainingResult(Of(20, epochs: 4, metric: 1000), 5, BestEpoch: 3, 0.5, false, false);
        GmtPlot plot = result.PlotLearningCurves("Validation loss");
        var svg = new SvgPicture(plot.ToSvg());
        Assert.AreEqual(4, svg.PointsOf(PlotTheme.Light.Series[2]));
        Assert.AreSame(plot.Plot.Axes.Right, plot.Plot.GetPlottables<Scatter>().Last().Axes.YAxis);
        Assert.Contains("Validation loss", svg.Texts);
        Assert.Contains("Best epoch: 3", svg.Texts);
        Assert.DoesNotContain("Best epoch: 3", new SvgPicture(result.History.PlotLearningCurves().ToSvg()).Texts);
    }

    [TestMethod]
    public void Many_steps_are_averaged_and_the_legend_says_so()
    {
        var svg = new SvgPicture(Of(1001, epochs: 7).PlotLearningCurves().ToSvg());
        Assert.AreEqual(334, svg.PointsOf(PlotTheme.Light.Series[0]));
        Assert.Contains("Loss, mean of 3 steps", svg.Texts);
    }

    [TestMethod]
    public void One_step_is_a_point_and_none_is_refused()
    {
        var svg = new SvgPicture(Of(1, epochs: 1).PlotLearningCurves().ToSvg());
        Assert.AreEqual(2, svg.RectanglesOf(PlotTheme.Light.Series[1]), "the epoch's mean, and the legend");
        ArgumentException none = Assert.ThrowsExactly<ArgumentException>(() => TrainingHistory.Empty.PlotLearningCurves());
        StringAssert.Contains(none.Message, "no steps");
    }

    private static TrainingHistory Of(int steps, int epochs, double? metric = null) => new(
    [
        .. Enumerable.Range(0, steps).Select(step =>
        {
            int epoch = 1 + (step * epochs / steps);
            bool isLast = step == steps - 1 || 1 + ((step + 1) * epochs / steps) > epoch;
            return new TrainingStep(step + 1, epoch, 1.0 / (step + 1), 1e-3, 100, isLast ? metric + step : null);
        }),
    ]);
}
