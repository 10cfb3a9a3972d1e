using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class TcpCollectiveTests
{
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Sums_are_those_of_the_stated_order_to_the_bit_in_all_ranks(int size)
    {
        int[] lengths = [0, 1, 2, 5, 1_000, 300_001];
        float[][][] given = [.. lengths.Select(length => Enumerable.Range(0, size).Select(rank => Values(rank, length)).ToArray())];
        float[][][] sums = Ranks.Run(size, ranks => lengths.Select((_, i) =>
        {
            float[] values = [.. given[i][ranks.Rank]];
            ranks.AllReduce(values);
            return values;
        }).ToArray());
        for (int i = 0; i < lengths.Length; i++)
        {
            float[] expected = InStatedOrder(given[i]);
            foreach (float[][] rank in sums)
            {
                CollectionAssert.AreEqual(Bits(expected), Bits(rank[i]), $"{lengths[i]} values");
            }
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void Values_are_gathered_in_order_and_broadcast_from_the_first(int size)
    {
        static byte[] Value(int rank) => [.. Enumerable.Repeat((byte)(rank + 1), rank * 700_000)];
        (IReadOnlyList<byte[]> Gathered, byte[] Told, bool Yes, bool No, double? Figure, double? None)[] all = Ranks.Run(size, ranks =>
        {
            ranks.Barrier();
            return (
                ranks.Gather(Value(ranks.Rank)), ranks.Broadcast(Value(ranks.Rank + 1)),
                ranks.Any(ranks.Rank == size - 1), ranks.Any(false),
                ranks.FromFirst(ranks.Rank + 0.5), ranks.FromFirst(ranks.Rank == 0 ? null : 1));
        });
        Assert.HasCount(size, all[0].Gathered);
        for (int rank = 0; rank < size; rank++)
        {
            CollectionAssert.AreEqual(Value(rank), all[0].Gathered[rank]);
            CollectionAssert.AreEqual(Value(1), all[rank].Told);
            Assert.AreEqual((true, false, 0.5, null), (all[rank].Yes, all[rank].No, all[rank].Figure, all[rank].None));
            Assert.HasCount(rank == 0 ? size : 0, all[rank].Gathered);
        }
    }

    [TestMethod]
    public void Bytes_are_counted()
    {
        const int Length = 30_000;
        long[] sent = Ranks.Run(3, ranks =>
        {
            long before = ranks.BytesSent;
            ranks.AllReduce(new float[Length]);
            return ranks.BytesSent - before;
        });
        foreach (long bytes in sent)
        {
            Assert.IsGreaterThanOrEqualTo(2L * 2 * Length / 3 * sizeof(float), bytes);
            Assert.IsLessThan((2L * 2 * Length / 3 * sizeof(float)) + 2_000, bytes, "the values, and little more");
        }
    }

    [TestMethod]
    [DataRow("sum")]
    [DataRow("gather")]
    [DataRow("broadcast")]
    public void A_rank_that_ends_ends_all_who_wait(string call)
    {
        Exception?[] failures = Ranks.Failures(Ranks.Options(3), ranks =>
        {
            ranks.Barrier();
            if (ranks.Rank == 1)
            {
                ranks.Dispose();
                return;
            }

            while (true)
            {
                Call(ranks, call);
            }
        });
        foreach (int rank in new[] { 0, 2 })
        {
            Assert.IsInstanceOfType<CollectiveException>(failures[rank]);
            StringAssert.Contains(failures[rank]!.Message, "rank 1 (");
            StringAssert.Contains(failures[rank]!.Message, "ended: ");
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void The_others_are_told_why_a_rank_failed(int failing)
    {
        Exception?[] failures = Ranks.Failures(Ranks.Options(3), ranks =>
        {
            if (ranks.Rank == failing)
            {
                ranks.Abort("the disk is full");
                throw new InvalidOperationException("own");
            }

            ranks.Barrier();
            ranks.Barrier();
        });
        for (int rank = 0; rank < 3; rank++)
        {
            StringAssert.Contains(failures[rank]!.Message, rank == failing ? "own" : $"rank {failing} (");
            StringAssert.Contains(failures[rank]!.Message, rank == failing ? "own" : "ended: the disk is full");
        }
    }

    [TestMethod]
    public void A_silent_rank_counts_as_lost_after_the_time_out()
    {
        using ManualResetEventSlim isFound = new();
        RankOptions[] options = Ranks.Options(2);
        options[0] = options[0] with { Timeout = TimeSpan.FromSeconds(5) };
        options[1] = options[1] with { Heartbeat = TimeSpan.FromDays(1) };
        Exception?[] failures = Ranks.Failures(options, ranks =>
        {
            if (ranks.Rank == 1)
            {
                isFound.Wait();
                return;
            }

            try
            {
                ranks.Barrier();
            }
            finally
            {
                isFound.Set();
            }
        });
        StringAssert.Contains(failures[0]!.Message, "rank 1 (");
        StringAssert.Contains(failures[0]!.Message, "has been silent for");
    }

    [TestMethod]
    public void A_rank_that_computes_for_longer_than_the_time_out_is_waited_for()
    {
        RankOptions[] options = [.. Ranks.Options(2).Select(own => own with { Timeout = TimeSpan.FromSeconds(5) })];
        Exception?[] failures = Ranks.Failures(options, ranks =>
        {
            if (ranks.Rank == 1)
            {
                Thread.Sleep(TimeSpan.FromSeconds(7));
            }

            ranks.Barrier();
        });
        Assert.IsNull(failures[0]);
        Assert.IsNull(failures[1]);
    }

    [TestMethod]
    public void Ranks_that_make_different_calls_are_told_so()
    {
        Exception?[] failures = Ranks.Failures(Ranks.Options(2), ranks =>
        {
            ranks.Gather([1]);
            if (ranks.Rank == 0)
            {
                ranks.Broadcast([2]);
            }

            ranks.Gather([3]);
            ranks.Barrier();
        });
        Assert.IsTrue(failures.All(failure => failure is CollectiveException), "ranks that do not go together may not go on");
        StringAssert.Contains(failures[0]!.Message, " here, and call ");
    }

    [TestMethod]
    public void What_differs_later_is_named_in_all_ranks()
    {
        Exception?[] failures = Ranks.Failures(
            Ranks.Options(3), ranks => ranks.Check([("graph", "one"), ("batch size", ranks.Rank == 2 ? "8" : "4")]));
        foreach (Exception? failure in failures)
        {
            StringAssert.Contains(failure!.Message, "rank 2 cannot take part: batch size is 8 there and 4 on rank 0.");
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Neither_threads_nor_sockets_stay_behind()
    {
        static string[] Threads() =>
            [.. Directory.GetDirectories("/proc/self/task").Select(Name).Where(name => name.StartsWith("gmt ", StringComparison.Ordinal))];
        static string Name(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm"));
            }
            catch (IOException)
            {
                return ""; // it has ended
            }
        }

        static int Sockets() => Directory.GetFiles("/proc/self/fd").Count(IsSocket);
        static bool IsSocket(string file)
        {
            try
            {
                return File.ResolveLinkTarget(file, false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true;
            }
            catch (IOException)
            {
                return false; // closed meanwhile
            }
        }

        static void Work()
        {
            Ranks.Run(3, ranks =>
            {
                ranks.AllReduce(new float[10]);
                return Threads().Length;
            });
            Ranks.Failures(Ranks.Options(2), ranks => ranks.Check([("rank", $"{ranks.Rank}")]));
            Ranks.Failures(Ranks.Options(2), ranks => Assert.AreEqual(0, ranks.Rank), rank => [("rank", $"{rank}")]);
        }

        // The system lists a thread for a moment after it was waited for.
        static bool HaveThreadsEnded() => SpinWait.SpinUntil(() => Threads().Length == 0, TimeSpan.FromSeconds(10));

        Work();
        Assert.IsTrue(HaveThreadsEnded(), string.Join(", ", Threads()));
        int sockets = Sockets();
        Work();
        Work();
        Assert.IsTrue(HaveThreadsEnded(), string.Join(", ", Threads()));
        Assert.AreEqual(sockets, Sockets());
        Assert.IsGreaterThan(0, Ranks.Run(2, _ => Threads().Length).Max(), "while it runs there are some");
    }

    [TestMethod]
    public void One_process_is_a_run_of_its_own()
    {
        SingleRank alone = SingleRank.Instance;
        float[] values = [1, 2];
        alone.AllReduce(values);
        alone.Barrier();
        CollectionAssert.AreEqual(new float[] { 1, 2 }, values);
        Assert.AreEqual("x", Encoding.UTF8.GetString(alone.Broadcast("x"u8)));
        Assert.AreEqual("x", Encoding.UTF8.GetString(alone.Gather("x"u8).Single()));
        Assert.IsTrue(alone.Any(true));
        Assert.IsFalse(alone.Any(false));
        Assert.AreEqual(2, alone.FromFirst(2));
        Assert.AreEqual((0, 1, 0L), (alone.Rank, alone.Size, alone.BytesSent));
    }

    private static void Call(ICollective ranks, string call)
    {
        switch (call)
        {
            case "sum":
                ranks.AllReduce(new float[100_000]);
                break;
            case "gather":
                ranks.Gather(new byte[100]);
                ranks.Barrier();
                break;
            default:
                ranks.Broadcast(new byte[100]);
                ranks.Barrier();
                break;
        }
    }

    private static float[] Values(int rank, int length)
    {
        var random = new CounterRandom((ulong)((rank * 1_000) + 7));
        return [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, 6 * random.NextDouble())))];
    }

    /// <summary>((x_c + x_(c+1)) + …) + x_(c−1) in part c of as many as there are ranks.</summary>
    private static float[] InStatedOrder(float[][] ranks)
    {
        (int size, int length) = (ranks.Length, ranks[0].Length);
        float[] sums = new float[length];
        for (int part = 0; part < size; part++)
        {
            for (int i = (int)((long)length * part / size); i < (int)((long)length * (part + 1) / size); i++)
            {
                sums[i] = ranks[part][i];
                for (int other = 1; other < size; other++)
                {
                    sums[i] += ranks[(part + other) % size][i];
                }
            }
        }

        return sums;
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
