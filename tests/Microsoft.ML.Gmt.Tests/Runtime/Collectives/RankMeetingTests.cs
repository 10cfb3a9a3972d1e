using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

/// <summary>How ranks find each other, and who else knocks at the door.</summary>
[TestClass]
public sealed class RankMeetingTests
{
    [TestMethod]
    public void Garbage_half_open_connections_and_port_scans_change_nothing()
    {
        RankOptions[] options = Ranks.Options(3);
        float[][] sums = [[1, 2, 3], [10, 20, 30], [100, 200, 300]];
        Exception?[] failures = new Exception?[3];
        Thread first = Ranks.Start(() => failures[0] = Ranks.Failure(options[0], ranks => ranks.AllReduce(sums[0])));
        List<Socket> strangers = [];
        byte[] tooLong = RankFrame.Encode(RankFrameKind.Hello, 0, []);
        BitConverter.TryWriteBytes(tooLong.AsSpan(8), int.MaxValue);
        byte[][] said =
        [
            [], [0x47], Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), RandomNumberGenerator.GetBytes(100_000),
            tooLong, RankFrame.Encode(RankFrameKind.Hello, 0, RandomNumberGenerator.GetBytes(300)),
            RankFrame.Encode(RankFrameKind.Hello, 0, []), RankFrame.Encode(RankFrameKind.Ring, 1, new byte[16]),
            RankFrame.Encode(RankFrameKind.Fault, 0, Encoding.UTF8.GetBytes("end")), RankFrame.Encode(RankFrameKind.Leave, 0, []),
        ];
        foreach (byte[] bytes in said)
        {
            strangers.Add(Knock(options[0].Port, bytes)); // stays open
            Knock(options[0].Port, bytes).Dispose(); // hangs up
        }

        Thread[] others = [.. new[] { 1, 2 }.Select(
            rank => Ranks.Start(() => failures[rank] = Ranks.Failure(options[rank], ranks => ranks.AllReduce(sums[rank]))))];
        foreach (Thread thread in others.Append(first))
        {
            Assert.IsTrue(thread.Join(TimeSpan.FromMinutes(2)), "a rank hangs");
        }

        strangers.ForEach(stranger => stranger.Dispose());
        Assert.IsTrue(Array.TrueForAll(failures, failure => failure is null), $"{failures.FirstOrDefault(failure => failure is not null)}");
        foreach (float[] sum in sums)
        {
            CollectionAssert.AreEqual(new float[] { 111, 222, 333 }, sum);
        }
    }

    [TestMethod]
    public void A_rank_with_other_parts_is_refused_and_the_run_ends_with_the_difference()
    {
        Exception?[] failures = Ranks.Failures(
            Ranks.Options(3), _ => { }, rank => [("gmt", rank == 1 ? "2.0" : "1.0"), ("the command", "finetune_gmt")]);
        foreach (int rank in new[] { 0, 1 })
        {
            StringAssert.Contains(failures[rank]!.Message, "rank 1 cannot take part: gmt is 2.0 there and 1.0 on rank 0.");
        }

        Assert.IsInstanceOfType<CollectiveException>(failures[2]);
    }

    [TestMethod]
    public void Ranks_that_come_after_another_was_refused_hear_the_same_reason()
    {
        RankOptions[] options = Ranks.Options(4);
        Exception?[] failures = new Exception?[4];
        Thread first = Start(0), unfit = Start(1);
        Assert.IsTrue(unfit.Join(TimeSpan.FromMinutes(1)), "the refused rank hangs");
        foreach (Thread thread in new[] { Start(2), Start(3), first })
        {
            Assert.IsTrue(thread.Join(TimeSpan.FromMinutes(1)), "a rank hangs");
        }

        foreach (Exception? failure in failures)
        {
            StringAssert.Contains(failure!.Message, "rank 1 cannot take part: gmt is 2.0 there and 1.0 on rank 0.");
        }

        Thread Start(int rank) =>
            Ranks.Start(() => failures[rank] = Ranks.Failure(options[rank], _ => { }, [("gmt", rank == 1 ? "2.0" : "1.0")]));
    }

    [TestMethod]
    public void A_rank_that_was_told_of_another_number_is_refused()
    {
        RankOptions[] options = Ranks.Options(2);
        options[1] = options[1] with { Size = 3 };
        Exception?[] failures = Ranks.Failures(options, _ => { });
        StringAssert.Contains(failures[0]!.Message, "it was told of 3 ranks, rank 0 of 2");
        StringAssert.Contains(failures[1]!.Message, "it was told of 3 ranks, rank 0 of 2");
    }

    [TestMethod]
    public void Ranks_of_another_run_and_second_ones_of_a_number_are_sent_away_and_the_run_goes_on()
    {
        RankOptions[] options = Ranks.Options(3);
        Exception?[] failures = new Exception?[3];
        Thread[] threads = [.. new[] { 0, 1 }.Select(rank => Ranks.Start(() => failures[rank] = Ranks.Failure(options[rank], _ => { })))];
        string stray = Ranks.Failure(options[2] with { Run = "another" }, _ => { })!.Message;
        StringAssert.Contains(stray, "to run 'another': set another MASTER_PORT");

        // Of two with the number 1 the second is sent away; which one that is, both may be.
        Exception? again = null;
        Thread second = Ranks.Start(() => again = Ranks.Failure(options[1], _ => { }));
        Thread last = Ranks.Start(() =>
        {
            second.Join(TimeSpan.FromSeconds(20));
            failures[2] = Ranks.Failure(options[2], _ => { });
        });
        foreach (Thread thread in threads.Append(second).Append(last))
        {
            Assert.IsTrue(thread.Join(TimeSpan.FromMinutes(2)), "a rank hangs");
        }

        Assert.IsNull(failures[0], $"{failures[0]}");
        Assert.IsNull(failures[2], $"{failures[2]}");
        StringAssert.Contains((failures[1] ?? again)!.Message, "rank 1 is there already");
        Assert.IsTrue(failures[1] is null || again is null);
    }

    [TestMethod]
    public void Ranks_that_do_not_come_are_named_after_the_time_out()
    {
        RankOptions[] options = [.. Ranks.Options(3).Select(own => own with { Timeout = TimeSpan.FromSeconds(1) })];
        StringAssert.Contains(Ranks.Failure(options[0], _ => { })!.Message, "Of 3 ranks, 2 (1, 2) did not come within 1 s");
        StringAssert.Contains(Ranks.Failure(options[1], _ => { })!.Message, "rank 0 could not be reached at 127.0.0.1");
    }

    [TestMethod]
    public void A_port_that_is_taken_and_places_that_are_not_there_are_named()
    {
        RankOptions first = Ranks.Options(2)[0];
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, first.Port));
        other.Listen();
        StringAssert.Contains(Ranks.Failure(first, _ => { })!.Message, $"Port {first.Port} is taken");
        StringAssert.Contains(
            Ranks.Failure(first with { Interface = "no0" }, _ => { })!.Message, "there is no network interface of this name");
        StringAssert.Contains(Ranks.Failure(first with { Host = "192.0.2.1" }, _ => { })!.Message, "Set GMT_INTERFACE");
        StringAssert.Contains(Ranks.Failure(first with { Host = "no such host." }, _ => { })!.Message, "(MASTER_ADDR), the host of rank 0");
    }

    [TestMethod]
    public void The_interface_may_be_chosen_by_address()
    {
        RankOptions[] options = [.. Ranks.Options(2).Select(own => own with { Interface = "127.0.0.1" })];
        Assert.IsTrue(Array.TrueForAll(Ranks.Failures(options, ranks => ranks.AllReduce(new float[8])), failure => failure is null));
    }

    private static Socket Knock(int port, byte[] bytes)
    {
        for (int attempt = 0; ; attempt++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
            }
            catch (SocketException) when (attempt < 300)
            {
                socket.Dispose();
                Thread.Sleep(100); // nobody listens yet
                continue;
            }

            try
            {
                socket.Send(bytes);
            }
            catch (SocketException)
            {
                // Rank 0 has heard enough.
            }

            return socket;
        }
    }
}
