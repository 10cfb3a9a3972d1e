using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class GlooCollectiveTests : CollectiveContract
{
    private protected override CollectiveEngine Engine => CollectiveEngine.Gloo;

    [TestInitialize]
    public void Skip_without_Gloo()
    {
        if (C10dLibrary.Refusal is { } reason)
        {
            Assert.Inconclusive($"Gloo cannot be used: {reason}");
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void Addresses_may_be_exchanged_in_a_file_that_is_gone_afterwards(int size)
    {
        using TemporaryFolder folder = new();
        RankOptions[] options = [.. Ranks.Options(size, Engine).Select(own => own with { StoreFolder = folder.Path })];
        float[][] sums = Ranks.Run(options, ranks =>
        {
            ranks.Barrier(); // rank 0 deletes it
            Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
            float[] values = [ranks.Rank];
            ranks.AllReduce(values);
            return values;
        });
        Assert.IsTrue(Array.TrueForAll(sums, sum => sum[0] == size * (size - 1) / 2));
    }

    [TestMethod]
    public void Ranks_with_other_engines_are_refused()
    {
        RankOptions[] options = Ranks.Options(2, Engine);
        options[1] = options[1] with { Engine = CollectiveEngine.Managed };
        foreach (Exception? failure in Ranks.Failures(options, _ => { }))
        {
            StringAssert.Contains(failure!.Message, "rank 1 cannot take part: GMT_COLLECTIVE is managed there and gloo on rank 0.");
        }
    }

    [TestMethod]
    public void Where_one_rank_cannot_all_end_with_its_reason_and_the_remedy()
    {
        foreach (Exception? failure in Ranks.Failures(WithoutAddress(CollectiveEngine.Gloo), _ => { }))
        {
            Assert.IsInstanceOfType<CollectiveException>(failure);
            StringAssert.Contains(failure.Message, "GMT_COLLECTIVE is gloo, which cannot be used: rank 0: GMT_INTERFACE is 0.0.0.0");
            StringAssert.Contains(failure.Message, "Set GMT_COLLECTIVE=managed in all ranks.");
        }
    }

    [TestMethod]
    public void A_folder_that_is_not_there_is_named_in_all_ranks()
    {
        RankOptions[] options = [.. Ranks.Options(2, Engine).Select(own => own with
        {
            StoreFolder = "/no/such/folder", Timeout = TimeSpan.FromSeconds(3),
        })];
        foreach (Exception? failure in Ranks.Failures(options, _ => { }))
        {
            Assert.IsInstanceOfType<CollectiveException>(failure);
            StringAssert.Contains(failure.Message, "/no/such/folder");
        }
    }

    [TestMethod]
    public void Where_it_need_not_be_Gloo_the_ring_sums_and_the_reason_is_kept()
    {
        string?[] reasons = Ranks.Run(WithoutAddress(CollectiveEngine.Auto), ranks =>
        {
            float[] values = [ranks.Rank];
            ranks.AllReduce(values);
            Assert.AreEqual(1, values[0]);
            return ((TcpCollective)ranks).WhyNotGloo;
        });
        foreach (string? reason in reasons)
        {
            StringAssert.Contains(reason, "rank 0: GMT_INTERFACE is 0.0.0.0");
        }

        reasons = Ranks.Run(Ranks.Options(2, CollectiveEngine.Auto), ranks => ((TcpCollective)ranks).WhyNotGloo);
        Assert.IsTrue(Array.TrueForAll(reasons, reason => reason is null));
    }

    private static RankOptions[] WithoutAddress(CollectiveEngine engine)
    {
        RankOptions[] options = Ranks.Options(2, engine);
        options[0] = options[0] with { Interface = "0.0.0.0" };
        return options;
    }
}
