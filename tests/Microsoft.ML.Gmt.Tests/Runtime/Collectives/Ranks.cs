using System.Net;
using System.Net.Sockets;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

/// <summary>Ranks on threads of this process, over loopback.</summary>
internal static class Ranks
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    /// <summary>What must be equal where a test says nothing of it.</summary>
    public static readonly (string Name, string Value)[] Parts = [("gmt", "1.0"), ("the command", "test")];

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The options of all ranks of a run.</summary>
    public static RankOptions[] Options(int size, CollectiveEngine engine = CollectiveEngine.Managed)
    {
        int port = FreePort();
        return
        [
            .. Enumerable.Range(0, size).Select(
                rank => new RankOptions(rank, size) { LocalRank = rank, Port = port, Run = $"test {port}", Engine = engine }),
        ];
    }

    /// <summary>Lets all ranks do something, none of which may fail, and returns what each brought.</summary>
    public static T[] Run<T>(int size, Func<ICollective, T> work) => Run(Options(size), work);

    /// <summary>The same with options.</summary>
    public static T[] Run<T>(RankOptions[] options, Func<ICollective, T> work)
    {
        var results = new T[options.Length];
        Exception?[] failures = Failures(options, ranks => results[ranks.Rank] = work(ranks));
        return Array.TrueForAll(failures, failure => failure is null) ? results
            : throw new AggregateException(failures.OfType<Exception>());
    }

    /// <summary>Lets all ranks do something, and returns how each failed, or null.</summary>
    public static Exception?[] Failures(
        RankOptions[] options, Action<ICollective> work, Func<int, (string Name, string Value)[]>? parts = null)
    {
        var failures = new Exception?[options.Length];
        Thread[] threads = [.. options.Select((own, i) => Start(() => failures[i] = Failure(own, work, parts?.Invoke(own.Rank) ?? Parts)))];
        foreach (Thread thread in threads)
        {
            Assert.IsTrue(thread.Join(LongestRun), "a rank hangs");
        }

        return failures;
    }

    /// <summary>Runs one rank to its end.</summary>
    public static Exception? Failure(RankOptions options, Action<ICollective> work, (string Name, string Value)[]? parts = null)
    {
        try
        {
            using ICollective ranks = options.Size == 1 ? SingleRank.Instance : TcpCollective.Join(options, parts ?? Parts);
            work(ranks);
            ranks.Leave();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    /// <summary>Starts a thread.</summary>
    public static Thread Start(Action work)
    {
        Thread thread = new(() => work()) { IsBackground = true };
        thread.Start();
        return thread;
    }
}
