using System.Globalization;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Shows how far a training run is.</summary>
internal sealed class TrainingDisplay(Terminal terminal) : IProgress<TrainingProgress>, IDisposable
{
    private readonly ProgressDisplay _display = new(terminal, atOnce: true);

    /// <inheritdoc/>
    public void Report(TrainingProgress value) => _display.Show(value.Step, value.Steps, () => Describe(value));

    /// <summary>Writes a line of the results; the bar makes room for it.</summary>
    public void WriteResult(string line) => _display.WriteResult(line);

    /// <summary>Takes the bar away.</summary>
    public void Dispose() => _display.Dispose();

    private static string Describe(TrainingProgress value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{value.Stage} epoch {value.Epoch}/{value.Epochs}  step {value.Step}/{value.Steps}  loss {value.Loss:F4}  {ProgressDisplay.Rate(value.ItemsPerSecond, value.Remaining)}");
}
