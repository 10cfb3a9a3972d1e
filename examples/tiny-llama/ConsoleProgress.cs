using Microsoft.ML.Gmt.Training;

namespace Examples.TinyLlama;

/// <summary>A line every few seconds.</summary>
internal sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long _last;

    public void Report(TrainingProgress value)
    {
        bool due = _last == 0 || System.Diagnostics.Stopwatch.GetElapsedTime(_last) >= Pause || value.Step == value.Steps;
        if (due)
        {
            _last = System.Diagnostics.Stopwatch.GetTimestamp();
            Console.WriteLine(
                $"epoch {value.Epoch}/{value.Epochs}  step {value.Step}/{value.Steps}  loss {value.Loss:F3}  "
                + $"{value.ItemsPerSecond:N0} tokens/s  {value.Remaining:hh\\:mm\\:ss} left");
        }
    }
}
