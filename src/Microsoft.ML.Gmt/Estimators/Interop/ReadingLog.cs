using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>What is said of work before the first step of training: of long reading a line now and then, and of what is to come.</summary>
internal static class ReadingLog
{
    /// <summary>The name of the channel, by which who shows messages tells these from others.</summary>
    public const string Channel = "Preparation";

    /// <summary>How long nothing is said at most.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Writes a line.</summary>
    public static void Write(IHost host, string line)
    {
        using IChannel channel = host.Start(Channel);
        channel.Info(MessageSensitivity.None, line);
    }

    /// <summary>Hands rows on, and says how many every ten seconds.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="host">Whose log.</param>
    /// <param name="count">How many there are; null where nobody knows.</param>
    public static IEnumerable<T> Watch<T>(this IEnumerable<T> rows, IHost host, long? count)
    {
        long last = Stopwatch.GetTimestamp(), read = 0;
        foreach (T row in rows)
        {
            yield return row;
            read++;
            if (Stopwatch.GetElapsedTime(last) >= Pause)
            {
                last = Stopwatch.GetTimestamp();
                string all = count is { } known ? string.Create(CultureInfo.InvariantCulture, $" of {known:N0}") : "";
                Write(host, string.Create(CultureInfo.InvariantCulture, $"{read:N0}{all} rows read."));
            }
        }
    }
}
