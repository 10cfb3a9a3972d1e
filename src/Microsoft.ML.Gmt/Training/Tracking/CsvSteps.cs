using System.Globalization;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Steps as comma-separated values.</summary>
internal sealed class CsvSteps : ITrackedSteps
{
    /// <inheritdoc/>
    public string Header => "step,epoch,stage,loss,learningRate,itemsPerSecond,metric,time";

    /// <inheritdoc/>
    public string Line(TrainingProgress step, DateTimeOffset time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{step.Step},{step.Epoch},{step.Stage},{step.Loss:R},{step.LearningRate:R},{step.ItemsPerSecond:R},{Metric(step):R},{time:O}");

    /// <inheritdoc/>
    public long? StepOf(string line) =>
        line.Count(character => character == ',') == Header.Count(character => character == ',')
        && long.TryParse(line.AsSpan(0, line.IndexOf(',')), NumberStyles.None, CultureInfo.InvariantCulture, out long step)
            ? step : null;

    private static double? Metric(TrainingProgress step) => step.IsValidation ? step.Metric : null;
}
