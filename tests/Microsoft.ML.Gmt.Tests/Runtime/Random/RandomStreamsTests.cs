using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class RandomStreamsTests
{
    [TestMethod]
    public void A_seed_is_the_same_in_every_process()
    {

        Assert.AreEqual(
            15618049847708862015UL, new RandomStreams(42).Seed("negatives", 3, 7),
            "recorded once: a new number changes every trained model");
        Assert.AreNotEqual(new RandomStreams(42).Seed("negatives", 3, 7), new RandomStreams(42).Seed("negatives", 7, 3));
        Assert.AreNotEqual(new RandomStreams(42).Seed("negatives"), new RandomStreams(43).Seed("negatives"));
        Assert.AreNotEqual(new RandomStreams(42).Seed("negatives"), new RandomStreams(42).Seed("dropout"));
    }

    [TestMethod]
    public void Integers_are_uniform()
    {
        CounterRandom random = new RandomStreams(1).Stream("test");
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.Next(7)]++;
        }

        double chiSquare = counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000);
        Assert.IsLessThan(22.5, chiSquare, "6 degrees of freedom, p = 0.001");
    }

    [TestMethod]
    public void A_shuffle_is_a_permutation()
    {
        int[] items = [.. Enumerable.Range(0, 100)];
        CounterRandom random = new RandomStreams(1).Stream("shuffle");
        random.Shuffle<int>(items);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 100).ToArray(), items);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToArray(), items);
    }

    [TestMethod]
    public void Dropout_keeps_the_mean_and_continues_from_a_stored_state()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var dropout = new SeededDropout(new RandomStreams(5).Generator("dropout"));
        var ones = torch.ones(100_000);
        var first = dropout.Apply(ones, 0.1);
        Assert.AreEqual(1, first.mean().item<float>(), 0.01);
        Assert.AreEqual(0.1, first.eq(0).to(torch.float32).mean().item<float>(), 0.01);

        var state = dropout.State();
        var second = dropout.Apply(ones, 0.5);
        dropout.Restore(state);
        Assert.IsTrue(second.eq(dropout.Apply(ones, 0.5)).all().item<bool>());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => dropout.Apply(ones, 1));
        Assert.AreSame(ones, dropout.Apply(ones, 0));
    }
}
