using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

/// <summary>What holds of ranks whatever sums for them.</summary>
public abstract class CollectiveContract
{
    private protected abstract CollectiveEngine Engine { get; }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void Sums_have_the_same_bits_in_all_ranks_and_runs_and_differ_from_gathered_ones_by_rounding(int size)
    {
        int[] lengths = [0, 1, 2, 5, 1_000, 300_001];
        float[][][] given = [.. lengths.Select(length => Enumerable.Range(0, size).Select(rank => Values(rank, length)).ToArray())];
        (float[] Sum, float[] Gathered)[][] Run() => Ranks.Run(Ranks.Options(size, Engine), ranks => given.Select(all =>
        {
            float[] values = [.. all[ranks.Rank]];
            ranks.AllReduce(values);
            return (values, InOrder([.. ranks.Join(all[ranks.Rank]).Chunk(Math.Max(1, values.Length))]));
        }).ToArray());
        (float[] Sum, float[] Gathered)[][][] runs = [Run(), Run()];
        for (int i = 0; i < lengths.Length; i++)
        {
            int[] bits = Bits(runs[0][0][i].Sum), inOrder = Bits(InOrder(given[i]));
            if (size == 2)
            {
                CollectionAssert.AreEqual(inOrder, bits, "two numbers have one sum");
            }

            foreach ((float[] sum, float[] gathered) in runs.SelectMany(run => run.Select(rank => rank[i])))
            {
                CollectionAssert.AreEqual(bits, Bits(sum));
                CollectionAssert.AreEqual(inOrder, Bits(gathered), "a stated order has its own bits");
                for (int j = 0; j < sum.Length; j++)
                {
                    double magnitude = given[i].Sum(rank => Math.Abs((double)rank[j]));
                    Assert.AreEqual(given[i].Sum(rank => (double)rank[j]), sum[j], magnitude * (size - 1) * Math.Pow(2, -23));
                }
            }
        }
    }

    [TestMethod]
    public void A_sum_of_another_length_ends_the_run()
    {
        Exception?[] failures = Ranks.Failures(Ranks.Options(3, Engine), ranks => ranks.AllReduce(new float[ranks.Rank == 2 ? 8 : 9]));
        foreach (Exception? failure in failures)
        {
            Assert.IsInstanceOfType<CollectiveException>(failure);
            StringAssert.Contains(failure.Message, "is an all-reduce of");
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void Values_are_gathered_in_order_and_broadcast_from_the_first(int size)
    {
        static byte[] Value(int rank) => [.. Enumerable.Repeat((byte)(rank + 1), rank * 700_000)];
        (IReadOnlyList<byte[]> Gathered, byte[] Told, bool Yes, bool No, double? Figure, double? None)[] all = Ranks.Run(
            Ranks.Options(size, Engine), ranks =>
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
        long[] sent = Ranks.Run(Ranks.Options(3, Engine), ranks =>
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
        Exception?[] failures = Ranks.Failures(Ranks.Options(3, Engine), ranks =>
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
        Exception?[] failures = Ranks.Failures(Ranks.Options(3, Engine), ranks =>
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
        RankOptions[] options = Ranks.Options(2, Engine);
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
        RankOptions[] options = [.. Ranks.Options(2, Engine).Select(own => own with { Timeout = TimeSpan.FromSeconds(5) })];
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
        Exception?[] failures = Ranks.Failures(Ranks.Options(2, Engine), ranks =>
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
            Ranks.Options(3, Engine), ranks => ranks.Check([("graph", "one"), ("batch size", ranks.Rank == 2 ? "8" : "4")]));
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

        void Work()
        {
            Ranks.Run(Ranks.Options(3, Engine), ranks =>
            {
                ranks.AllReduce(new float[10]);
                return Threads().Length;
            });
            Ranks.Failures(Ranks.Options(2, Engine), ranks => ranks.Check([("rank", $"{ranks.Rank}")]));
            Ranks.Failures(Ranks.Options(2, Engine), ranks => Assert.AreEqual(0, ranks.Rank), rank => [("rank", $"{rank}")]);
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
        Assert.IsGreaterThan(0, Ranks.Run(Ranks.Options(2, Engine), _ => Threads().Length).Max(), "while it runs there are some");
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

    private protected static float[] Values(int rank, int length)
    {
        var random = new CounterRandom((ulong)((rank * 1_000) + 7));
        return [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, 6 * random.NextDouble())))];
    }

    /// <summary>Sums in the order of ranks.</summary>
    private static float[] InOrder(float[][] ranks) =>
        ranks.Length == 0 ? [] : [.. ranks[0].Select((value, i) => ranks.Skip(1).Aggregate(value, (sum, rank) => sum + rank[i]))];

    private protected static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
