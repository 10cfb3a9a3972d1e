using System.Diagnostics;
using Microsoft.ML.Gmt.Training;

namespace Examples.PathModel;

/// <summary>A line now and then.</summary>
internal sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private long _last;

    public void Report(TrainingProgress value)
    {
        if (_last == 0 || value.IsValidation || Stopwatch.GetElapsedTime(_last) >= Pause)
        {
            _last = Stopwatch.GetTimestamp();
            Console.WriteLine(
                $"epoch {value.Epoch}/{value.Epochs}  step {value.Step}  mean loss {value.EpochLoss:F3}  "
                + $"{value.ItemsPerSecond:N0} questions/s{(value.IsValidation ? $"  validation MRR {value.Metric:F4}" : "")}");
        }
    }
}
