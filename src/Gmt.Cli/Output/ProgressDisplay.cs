using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Shows how far work is, on the error stream: a bar that is redrawn in a window, a line now and then in a file.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="atOnce">Whether the first state is shown at once; else work that is soon done shows nothing.</param>
internal sealed class ProgressDisplay(Terminal terminal, bool atOnce) : IDisposable
{
    private const int WidestBar = 24;
    private const string EraseLine = "\r\e[2K";
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100), Pause = TimeSpan.FromSeconds(10);

    private long _last = atOnce ? 0 : Stopwatch.GetTimestamp();
    private string _bar = "";

    /// <summary>Shows a state, unless another one was shown a moment ago.</summary>
    /// <param name="done">What is done.</param>
    /// <param name="all">Of how much.</param>
    /// <param name="describe">The state in words.</param>
    public void Show(long done, long all, Func<string> describe)
    {
        TimeSpan least = terminal.IsErrorTerminal ? Redraw : Pause;
        if (_last != 0 && Stopwatch.GetElapsedTime(_last) < least)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        if (terminal.IsErrorTerminal)
        {
            double part = all == 0 ? 1 : (double)done / all;
            string figures = $"{part.ToString("P0", CultureInfo.InvariantCulture)} {describe()}";
            string line = Bar(part, terminal.Width - 1 - figures.Length) + figures;
            Draw(line.Length < terminal.Width ? line : line[..(terminal.Width - 1)]);
        }
        else
        {
            terminal.Error.WriteLine(describe());
        }
    }

    /// <summary>Writes a line of the results; the bar makes room for it.</summary>
    public void WriteResult(string line)
    {
        string bar = _bar;
        Dispose();
        terminal.Output.WriteLine(line);
        terminal.Output.Flush();
        if (bar.Length > 0)
        {
            Draw(bar);
        }
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        if (_bar.Length > 0)
        {
            Draw("");
        }
    }

    /// <summary>How fast work goes, and when it will be done.</summary>
    public static string Rate(double rowsPerSecond, TimeSpan remaining)
    {
        string left = remaining.TotalDays >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{remaining.TotalDays:F1} days")
            : $"{remaining:hh\\:mm\\:ss}";
        string rate = rowsPerSecond.ToString(rowsPerSecond < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);
        return $"{rate} rows/s  {left} left";
    }

    private void Draw(string bar)
    {
        terminal.Error.Write(EraseLine + bar);
        terminal.Error.Flush();
        _bar = bar;
    }

    /// <summary>As much of a bar as there is room for beside the figures, which matter more.</summary>
    private static string Bar(double part, int room)
    {
        int width = Math.Clamp(room - 1, 0, WidestBar), filled = (int)(part * width);
        return width == 0 ? "" : $"{new string('━', filled)}{new string('·', width - filled)} ";
    }
}
