using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class TcpCollectiveTests : CollectiveContract
{
    private protected override CollectiveEngine Engine => CollectiveEngine.Managed;

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
}
