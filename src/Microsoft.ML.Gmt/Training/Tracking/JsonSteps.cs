using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Steps as JSON objects, one a line.</summary>
internal sealed class JsonSteps : ITrackedSteps
{
    private const string Step = "step", Loss = "loss";

    /// <inheritdoc/>
    public string? Header => null;

    /// <inheritdoc/>
    public string Line(TrainingProgress step, DateTimeOffset time) => new JsonObject
    {
        [Step] = step.Step,
        ["epoch"] = step.Epoch,
        ["stage"] = step.Stage,
        [Loss] = step.Loss,
        ["learningRate"] = step.LearningRate,
        ["itemsPerSecond"] = step.ItemsPerSecond,
        ["metric"] = step.IsValidation ? step.Metric : null,
        ["time"] = time,
    }.ToJsonString();

    /// <inheritdoc/>
    public long? StepOf(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject value && value.ContainsKey(Loss) && value[Step] is JsonValue step
                && step.TryGetValue(out long number) ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
