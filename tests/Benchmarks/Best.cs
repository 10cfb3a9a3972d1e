using System.Diagnostics;

namespace Benchmarks;

/// <summary>The best of several times, by the clock and by the processor.</summary>
internal sealed class Best
{
    /// <summary>The shortest time by the clock.</summary>
    public double Seconds { get; private set; } = double.PositiveInfinity;

    /// <summary>
    /// The least time of all processors together, garbage collection included: what another program on the machine hardly changes.
    /// </summary>
    public double ProcessorSeconds { get; private set; } = double.PositiveInfinity;

    public void Time(Action work)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan used = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        work();
        Seconds = Math.Min(Seconds, Stopwatch.GetElapsedTime(start).TotalSeconds);
        process.Refresh();
        ProcessorSeconds = Math.Min(ProcessorSeconds, (process.TotalProcessorTime - used).TotalSeconds);
    }
}
