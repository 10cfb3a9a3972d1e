using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Training;

/// <summary>Shows how far a training is, on the error stream: a bar that is redrawn in a window, a line now and then in a file.</summary>
internal sealed class TrainingDisplay(Terminal terminal) : IProgress<TrainingProgress>, IDisposable
{
    private const int BarWidth = 24;
    private const string EraseLine = "\r\e[2K";
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100), Pause = TimeSpan.FromSeconds(10);

    private long _last;
    private bool _isDrawn;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        TimeSpan least = terminal.IsErrorTerminal ? Redraw : Pause;
        if (_last != 0 && Stopwatch.GetElapsedTime(_last) < least)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        if (terminal.IsErrorTerminal)
        {
            string line = $"{Bar(value)} {Describe(value)}";
            terminal.Error.Write(EraseLine + (line.Length < terminal.Width ? line : line[..(terminal.Width - 1)]));
            terminal.Error.Flush();
            _isDrawn = true;
        }
        else
        {
            terminal.Error.WriteLine(Describe(value));
        }
    }

    /// <summary>Writes a line of the results; the bar makes room for it.</summary>
    public void WriteResult(string line)
    {
        Dispose();
        terminal.Output.WriteLine(line);
        terminal.Output.Flush();
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        if (_isDrawn)
        {
            terminal.Error.Write(EraseLine);
            terminal.Error.Flush();
            _isDrawn = false;
        }
    }

    private static string Bar(TrainingProgress value)
    {
        double done = value.Steps == 0 ? 1 : (double)value.Step / value.Steps;
        int filled = (int)(done * BarWidth);
        return $"{new string('━', filled)}{new string('·', BarWidth - filled)} {done.ToString("P0", CultureInfo.InvariantCulture)}";
    }

    private static string Describe(TrainingProgress value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{value.Stage} epoch {value.Epoch}/{value.Epochs}  step {value.Step}/{value.Steps}  loss {value.Loss:F4}  {Rate(value)}");

    private static string Rate(TrainingProgress value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.ItemsPerSecond:N0} rows/s  {Left(value.Remaining)} left");

    private static string Left(TimeSpan remaining) =>
        remaining.TotalDays >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{remaining.TotalDays:F1} days") : $"{remaining:hh\\:mm\\:ss}";
}
