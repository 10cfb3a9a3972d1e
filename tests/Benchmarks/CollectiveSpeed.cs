using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.ML.Gmt.Runtime;

namespace Benchmarks;

/// <summary>
/// Sums over 2 and 3 processes of this machine, over loopback, by our own ring and by Gloo: the median time of a sum, in rank 0. The
/// program starts itself as the ranks; both engines run in turn, three times.
/// </summary>
internal sealed class CollectiveSpeed : IBenchmark
{
    private const int Rounds = 3;

    private static readonly (string Name, int Length, int Repeats)[] Sizes =
        [("1 KB", 256, 2_000), ("1 MB", 1 << 18, 100), ("16 MB", 1 << 22, 20)];

    public string Verb => "collectives";

    public string What => "sums over processes by our own ring and by Gloo";

    /// <summary>Prints a table by number of ranks and length; as a rank, that rank's figures.</summary>
    public void Run()
    {
        if (Environment.GetEnvironmentVariable("WORLD_SIZE") is not null)
        {
            RunRank();
            return;
        }

        Console.WriteLine("| ranks | values | managed, ms | Gloo, ms | Gloo / managed |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (int size in new[] { 2, 3 })
        {
            double[][] managed = new double[Rounds][], gloo = new double[Rounds][];
            for (int round = 0; round < Rounds; round++)
            {
                (managed[round], gloo[round]) = (Measure(size, "managed"), Measure(size, "gloo"));
            }

            for (int i = 0; i < Sizes.Length; i++)
            {
                double ours = managed.Min(times => times[i]), theirs = gloo.Min(times => times[i]);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {size} | {Sizes[i].Name} | {ours:f3} | {theirs:f3} | {theirs / ours:f2} |"));
            }
        }
    }

    private static double[] Measure(int size, string engine)
    {
        int port = FreePort();
        Process[] ranks = [.. Enumerable.Range(0, size).Select(rank => Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, [typeof(CollectiveSpeed).Assembly.Location, "collectives"])
            {
                RedirectStandardOutput = true,
                Environment =
                {
                    ["WORLD_SIZE"] = $"{size}", ["RANK"] = $"{rank}", ["MASTER_PORT"] = $"{port}", ["GMT_COLLECTIVE"] = engine,
                },
            })!)];
        string[] outputs = [.. ranks.Select(rank => rank.StandardOutput.ReadToEnd())];
        foreach (Process rank in ranks)
        {
            rank.WaitForExit();
            if (rank.ExitCode != 0)
            {
                throw new InvalidOperationException($"A rank ended with code {rank.ExitCode}.");
            }

            rank.Dispose();
        }

        return [.. outputs[0].TrimEnd().Split('\n')[^1].Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

    private static void RunRank()
    {
        using TcpCollective ranks = TcpCollective.Join(RankVariables.Read(Environment.GetEnvironmentVariable), []);
        Console.WriteLine(string.Join(' ', Sizes.Select(
            size => Median(ranks, size.Length, size.Repeats).ToString("f4", CultureInfo.InvariantCulture))));
        ranks.Leave();
    }

    private static double Median(TcpCollective ranks, int length, int repeats)
    {
        float[] values = new float[length];
        double[] times = new double[repeats];
        for (int i = -repeats / 10; i < repeats; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ranks.AllReduce(values);
            times[Math.Max(0, i)] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[repeats / 2];
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
