using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>
/// Keeps what a training run reports, for the learning curves of runs whose transformer has no history, such as path models.
/// </summary>
/// <remarks>Give it to one run as <c>Progress</c>. Reports of one run come one after the other.</remarks>
/// <example>
/// <code>
/// var reports = new TrainingReports();
/// using PathScoringTransformer model = ml.Transforms.TrainPathModel(graph, new PathTrainingEstimator.Options
/// {
///     Training = new PathTrainingOptions { Progress = reports },
/// }).Fit(graph.ToDataView());
/// reports.History.PlotLearningCurves("Validation MRR").SaveSvg("path-model.svg");
/// </code>
/// </example>
public sealed class TrainingReports : IProgress<TrainingProgress>
{
    private readonly List<TrainingStep> _steps = [];

    /// <summary>The steps so far.</summary>
    public TrainingHistory History => new([.. _steps]);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var step = new TrainingStep(
            value.Step, value.Epoch, value.Loss, value.LearningRate, value.ItemsPerSecond, value.IsValidation ? value.Metric : null);
        if (_steps.Count > 0 && _steps[^1].Step == value.Step)
        {
            _steps[^1] = step;
        }
        else
        {
            _steps.Add(step);
        }
    }
}
