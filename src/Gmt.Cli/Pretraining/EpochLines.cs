using System.Globalization;
using Microsoft.ML.Gmt.Cli.Training;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Runtime.Python;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt.Cli.Pretraining;

/// <summary>Writes a line for each epoch of stage 1 as soon as the epoch is done.</summary>
/// <param name="display">Where lines and progress go.</param>
/// <param name="compatible">Whether the lines are those of <c>pretrain_gmt.py</c>, to the letter.</param>
internal sealed class EpochLines(TrainingDisplay display, bool compatible) : IProgress<TrainingProgress>
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

        if (compatible && value.Step % (value.Steps / value.Epochs) == 0)
        {
            Write(value.Epoch, value.EpochLoss, null);
        }

        _last = value;
        display.Report(value);
    }

    /// <summary>Writes what is not written yet: the last epoch, and epochs without any step.</summary>
    public void Finish(SgmTrainingResult result, int epochs)
    {
        if (_last is not null)
        {
            Write(_last.Epoch, _last.EpochLoss, _last.Metric);
        }

        for (int epoch = 1; result.History.Steps.Count == 0 && epoch <= epochs; epoch++)
        {
            Write(epoch, 0, null);
        }

        if (!compatible && result.BestEpoch is { } best)
        {
            display.WriteResult(string.Create(
                CultureInfo.InvariantCulture,
                $"best epoch {best} with filtered MRR {result.BestMeanReciprocalRank:F4}{(result.IsStoppedEarly ? "; ended early, for later epochs were not better" : "")}"));
        }
    }

    private void Write(int epoch, double loss, double? metric)
    {
        if (epoch <= _written)
        {
            return;
        }

        _written = epoch;
        string figure = metric is { } value ? $" valid MRR {PythonNumber.Fixed(value, 4)}" : "";
        display.WriteResult($"Epoch {epoch} loss {PythonNumber.Fixed(loss, 4)}{figure}");
    }
}
