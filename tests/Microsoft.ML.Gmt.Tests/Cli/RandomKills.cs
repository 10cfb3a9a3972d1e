using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Kills commands at random moments, as often as <c>GMT_KILLS</c> says.</summary>
/// <param name="usual">How often where it says nothing.</param>
internal sealed class RandomKills(int usual)
{
    private readonly int _count =
        Environment.GetEnvironmentVariable("GMT_KILLS") is { } said ? int.Parse(said, CultureInfo.InvariantCulture) : usual;

    /// <summary>Starts a command again and again, until it was killed often enough.</summary>
    /// <param name="start">Starts it.</param>
    /// <param name="within">It is killed within so much time, unless it ends before.</param>
    /// <param name="ended">Takes one that has ended.</param>
    /// <param name="killed">Called after each kill.</param>
    public void Run(Func<Process> start, TimeSpan within, Action<Process> ended, Action killed)
    {
        var random = new CounterRandom((ulong)_count);
        int kills = 0;
        for (int run = 0; kills < _count; run++)
        {
            Assert.IsLessThan(20 * (_count + 5), run, "the command must get further between kills");
            Process process = start();
            if (process.WaitForExit(within * random.NextDouble()))
            {
                ended(process);
                continue;
            }

            Kill(process);
            kills++;
            killed();
        }
    }

    /// <summary>Kills a process, by SIGKILL.</summary>
    public static void Kill(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Waits for the first line of progress, or of a training run that had nothing left to do.</summary>
    /// <returns>The process.</returns>
    public static Process AtFirstStep(Process process)
    {
        while (process.StandardError.ReadLine() is { } line && !line.Contains("epoch", StringComparison.Ordinal)
            && !line.Contains("the model is in", StringComparison.Ordinal))
        {
        }

        return process;
    }

    /// <summary>A training run that nobody disturbs, and how long it took from its first step.</summary>
    public static (GmtRun Run, TimeSpan Took) Undisturbed(Process process)
    {
        AtFirstStep(process);
        long started = Stopwatch.GetTimestamp();
        GmtRun run = GmtRun.Finish(process).Succeeded();
        return (run, Stopwatch.GetElapsedTime(started));
    }
}
