using System.Diagnostics;

namespace Examples.Demo;

/// <summary>The processor time that work takes, all threads together.</summary>
internal static class Effort
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(0.1);

    /// <summary>The seconds of this process so far.</summary>
    public static double Seconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Does something and says what it took.</summary>
    public static (T Result, double Seconds) Of<T>(Func<T> work)
    {
        double before = Seconds;
        T result = work();
        return (result, Seconds - before);
    }

    /// <summary>Waits for a process to end, and gives its exit code and its seconds, as they were when it was last looked at.</summary>
    public static (int ExitCode, double Seconds) Of(Process process)
    {
        double seconds = 0;
        while (!process.WaitForExit(Glance))
        {
            try
            {
                process.Refresh();
                seconds = process.TotalProcessorTime.TotalSeconds;
            }
            catch (InvalidOperationException)
            {
                break;   // It ended just now.
            }
        }

        process.WaitForExit();
        return (process.ExitCode, seconds);
    }
}
