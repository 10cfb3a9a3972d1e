using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Writes a line for each epoch as soon as the epoch is done.</summary>
/// <param name="display">Where lines and progress go.</param>
/// <param name="figure">What validation measures; null for the lines of <c>pretrain_gmt.py</c>, to the letter.</param>
internal sealed class EpochLines(TrainingDisplay display, string? figure) : IProgress<TrainingProgress>
{
    private TrainingProgress? _last;
    private int _written;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        // The last step of an epoch is reported again with its validation, so a line waits for what follows.
        if (_last is not null && _last.Epoch < value.Epoch)
        {
            Write(_last.Epoch, _last.EpochLoss, _last.Metric);
        }

        if (figure is null && value.Step % (value.Steps / value.Epochs) == 0)
        {
            Write(value.Epoch, value.EpochLoss, null);
        }

        _last = value;
        display.Report(value);
    }

    /// <summary>Writes what is not written yet: the last epoch, and epochs without any step.</summary>
    /// <param name="steps">Steps of the whole training.</param>
    /// <param name="epochs">Epochs asked for.</param>
    /// <param name="bestEpoch">The epoch whose weights were kept; null where none was chosen.</param>
    /// <param name="bestFigure">Its figure.</param>
    /// <param name="isStoppedEarly">Whether later epochs were not tried.</param>
    public void Finish(int steps, int epochs, int? bestEpoch = null, double? bestFigure = null, bool isStoppedEarly = false)
    {
        if (_last is not null)
        {
            Write(_last.Epoch, _last.EpochLoss, _last.Metric);
        }

        for (int epoch = 1; steps == 0 && epoch <= epochs; epoch++)
        {
            Write(epoch, 0, null);
        }

        if (figure is not null && bestEpoch is { } best)
        {
            string end = isStoppedEarly ? "; ended early, for later epochs were not better" : "";
            display.WriteResult($"best epoch {best} with {figure} {PythonNumber.Fixed(bestFigure!.Value, 4)}{end}");
        }
    }

    private void Write(int epoch, double loss, double? metric)
    {
        if (epoch <= _written)
        {
            return;
        }

        _written = epoch;
        string measured = figure is not null && metric is { } value ? $" {figure} {PythonNumber.Fixed(value, 4)}" : "";
        display.WriteResult($"Epoch {epoch} loss {PythonNumber.Fixed(loss, 4)}{measured}");
    }
}
