using System.Globalization;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Says how a training gets on: a line in <c>MLContext.Log</c> for each epoch, each step to the listener of the options.</summary>
/// <param name="channel">The host's channel.</param>
/// <param name="listener">Who else wants to know; null for nobody.</param>
internal sealed class TrainingLog(IChannel channel, IProgress<TrainingProgress>? listener) : IProgress<TrainingProgress>
{
    private TrainingProgress? _last;
    private double _losses;
    private int _steps;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (_last is { } last && last.Epoch != value.Epoch)
        {
            WriteEpoch(last);
        }

        if (_last?.Step != value.Step)
        {
            // A validation figure is reported with the step that it follows.
            _losses += value.Loss;
            _steps++;
        }

        _last = value;
        listener?.Report(value);
    }

    /// <summary>Writes the line of the last epoch.</summary>
    public void Finish()
    {
        if (_last is { } last)
        {
            WriteEpoch(last);
        }

        _last = null;
    }

    private void WriteEpoch(TrainingProgress progress)
    {
        string metric = progress.Metric is { } figure ? string.Create(CultureInfo.InvariantCulture, $", validation {figure:f4}") : "";
        channel.Info(MessageSensitivity.None, string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Stage}, epoch {progress.Epoch} of {progress.Epochs}: loss {_losses / _steps:f4}{metric}, {progress.ItemsPerSecond:n0} rows/s, {progress.Remaining:h\\:mm\\:ss} left"));
        (_losses, _steps) = (0, 0);
    }
}
