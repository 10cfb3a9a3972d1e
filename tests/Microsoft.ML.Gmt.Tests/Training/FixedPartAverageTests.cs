using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class FixedPartAverageTests
{
    private static readonly long[] Shape = [3, 5];

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(7)]
    [DataRow(12)]
    public void The_bits_are_those_of_one_rank_and_the_numbers_the_weighted_mean(int size)
    {
        (float[]?[] Gradients, double Loss) alone = Learn(SingleRank.Instance);
        foreach ((float[]?[] gradients, double loss) in Ranks.Run(size, Learn))
        {
            Assert.AreEqual(alone.Loss, loss);
            for (int p = 0; p < gradients.Length; p++)
            {
                CollectionAssert.AreEqual(alone.Gradients[p], gradients[p]);
            }
        }

        double weights = Enumerable.Range(0, PartTree.Parts).Sum(Weight);
        Assert.IsNull(alone.Gradients[2], "no part has one");
        for (int i = 0; i < 15; i++)
        {
            Assert.AreEqual(
                Enumerable.Range(0, PartTree.Parts).Sum(part => Weight(part) * Gradient(part)[i]) / weights, alone.Gradients[0]![i], 1e-6);
            Assert.AreEqual(Weight(5) * Gradient(5)[i] / weights, alone.Gradients[1]![i], 1e-6, "one part alone has it");
            Assert.AreEqual(3, alone.Gradients[3]![i], 1e-6, "gradients that were there before count in each part");
        }
    }

    [TestMethod]
    public void Parts_are_learned_from_in_their_order_by_one_rank_each()
    {
        int[][] parts = Ranks.Run(5, ranks =>
        {
            List<int> own = [];
            var average = new FixedPartAverage(ranks);
            average.Learn([], part =>
            {
                own.Add(part);
                return new PartLoss(1, 1);
            });
            CollectionAssert.AreEqual(average.OwnParts.ToArray(), own);
            return own.ToArray();
        });
        CollectionAssert.AreEqual(Enumerable.Range(0, PartTree.Parts).ToArray(), parts.SelectMany(own => own).ToArray());
    }

    private static (float[]?[] Gradients, double Loss) Learn(ICollective ranks)
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [.. Enumerable.Range(0, 4).Select(_ => new Parameter(zeros(Shape)))];
        parameters[3].grad = full(Shape, 3f);
        double loss = new FixedPartAverage(ranks).Learn(parameters, part =>
        {
            parameters[0].grad = tensor(Gradient(part)).reshape(Shape);
            parameters[1].grad = part == 5 ? tensor(Gradient(part)).reshape(Shape) : null;
            return new PartLoss(part + 0.25, Weight(part));
        });
        return ([.. parameters.Select(parameter => parameter.grad?.data<float>().ToArray())], loss);
    }

    // One part without rows.
    private static double Weight(int part) => part == 8 ? 0 : 1 + (part * 0.37);

    private static float[] Gradient(int part)
    {
        var random = new CounterRandom((ulong)part);
        return [.. Enumerable.Range(0, 15).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
