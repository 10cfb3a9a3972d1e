using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class RankAverageTests
{
    // Of each parameter the ranks that have a gradient.
    private static readonly int[][] Present = [[0, 1, 2], [1], [], [0, 2]];

    private static readonly long[] Shape = [3, 5];

    [TestMethod]
    [DataRow(1.0, 3.0, 2.0)]
    [DataRow(1.0, 1.0, 1.0)]
    public void Gradients_and_loss_are_weighted_means_and_missing_ones_zeros_unless_all_miss_them(double first, double second, double third)
    {
        double[] weights = [first, second, third];
        (float[]?[] Gradients, double Loss)[] all = Ranks.Run(3, ranks => Average(ranks, weights[ranks.Rank], rank => rank + 0.25));
        double whole = weights.Sum();
        Assert.AreEqual(weights.Select((weight, rank) => weight * (rank + 0.25)).Sum() / whole, all[0].Loss, 1e-6);
        for (int p = 0; p < Present.Length; p++)
        {
            foreach ((float[]?[] gradients, double loss) in all)
            {
                CollectionAssert.AreEqual(all[0].Gradients[p], gradients[p], "the same bits in all ranks");
                Assert.AreEqual(all[0].Loss, loss);
            }

            if (Present[p].Length == 0)
            {
                Assert.IsNull(all[0].Gradients[p]);
                continue;
            }

            for (int i = 0; i < 15; i++)
            {
                double expected = Present[p].Sum(rank => weights[rank] * Gradient(rank, p)[i]) / whole;
                Assert.AreEqual(expected, all[0].Gradients[p]![i], 1e-6 * Math.Max(1, Math.Abs(expected)));
            }
        }
    }

    [TestMethod]
    public void A_rank_that_has_learned_from_nothing_takes_the_others_gradients()
    {
        double[] weights = [2, 0];
        (float[]?[] Gradients, double Loss)[] all =
            Ranks.Run(2, ranks => Average(ranks, weights[ranks.Rank], rank => rank == 0 ? 1.5 : double.NaN, ranks.Rank == 0));
        Assert.AreEqual(1.5, all[1].Loss);
        CollectionAssert.AreEqual(Gradient(0, 0), all[1].Gradients[0]);
        Assert.IsNull(all[1].Gradients[1]);
    }

    [TestMethod]
    public void A_loss_that_is_no_number_is_none_in_all_ranks()
    {
        (float[]?[], double Loss)[] all = Ranks.Run(2, ranks => Average(ranks, 1, rank => rank == 1 ? double.NaN : 1));
        Assert.IsTrue(Array.TrueForAll(all, rank => double.IsNaN(rank.Loss)));
    }

    private static (float[]?[] Gradients, double Loss) Average(
        ICollective ranks, double weight, Func<int, double> loss, bool hasGradients = true)
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [.. Present.Select(_ => new Parameter(zeros(Shape)))];
        for (int p = 0; p < parameters.Length; p++)
        {
            if (hasGradients && Present[p].Contains(ranks.Rank))
            {
                parameters[p].grad = tensor(Gradient(ranks.Rank, p)).reshape(Shape);
            }
        }

        double mean = new RankAverage(ranks).Learn(parameters, part => new PartLoss(loss(part), weight));
        return ([.. parameters.Select(parameter => parameter.grad?.data<float>().ToArray())], mean);
    }

    private static float[] Gradient(int rank, int parameter)
    {
        var random = new CounterRandom((ulong)((rank * 10) + parameter));
        return [.. Enumerable.Range(0, 15).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
