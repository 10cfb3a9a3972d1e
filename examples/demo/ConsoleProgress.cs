using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Gmt.Training;

namespace Examples.Demo;

/// <summary>A line every few seconds.</summary>
internal sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _last = Stopwatch.GetTimestamp();

    public void Report(TrainingProgress value)
    {
        if (Stopwatch.GetElapsedTime(_last) < Pause && value.Step < value.Steps)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        string validation = value.Metric is { } metric ? $"  validation {metric:f4}" : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  epoch {value.Epoch}/{value.Epochs}  step {value.Step}/{value.Steps}  loss {value.Loss:f3}{validation}  {value.ItemsPerSecond:n0} rows/s  "
            + $"{Stopwatch.GetElapsedTime(_started).TotalSeconds:f0} s, {value.Remaining.TotalSeconds:f0} s left"));
    }
}
