using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

/// <summary>
/// A training task in several ranks beside one: the gradients of its first step, and runs of 20 by gradient descent and by its optimizer,
/// which is Adam and does not clip.
/// </summary>
/// <typeparam name="TBatch">What one optimizer step learns from.</typeparam>
/// <param name="create">
/// Makes the task, and what else is to be disposed: for some ranks, with a factor of the learning rate.
/// </param>
/// <param name="reorder">The rows of a batch in another order.</param>
internal sealed class RankedTask<TBatch>(
    Func<ICollective, double, (ITrainingTask<TBatch> Task, IDisposable[] Parts)> create, Func<TBatch, TBatch> reorder)
{
    private const int Steps = 20;

    private const double DescentRate = 0.05, Still = 1e-30;

    /// <summary>Fails unless the first step's gradients in all ranks are those of one, each within 1e-5 of its norm.</summary>
    public void CheckGradients(int size)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        float[][] alone = FirstGradients(SingleRank.Instance);
        Assert.IsTrue(Array.Exists(alone, gradient => Norm(gradient) > 0));
        float[][][] together = Ranks.Run(size, FirstGradients);
        foreach (float[][] rank in together)
        {
            CheckNear(alone, rank, 1e-5, "gradient");
            CheckEqual(together[0], rank);
        }
    }

    /// <summary>
    /// Fails unless 20 steps of gradient descent end in all ranks with the weights of one, each tensor within 1e-5 of its norm.
    /// </summary>
    public void CheckDescent(int size)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        float[][] before = Descend(SingleRank.Instance, steps: 0), alone = Descend(SingleRank.Instance, Steps);
        Assert.IsGreaterThan(1e-3, before.Zip(alone).Max(pair => Distance(pair.First, pair.Second)), "nothing was learned");
        float[][][] together = Ranks.Run(size, ranks => Descend(ranks, Steps));
        foreach (float[][] rank in together)
        {
            CheckNear(alone, rank, 1e-5, "weight");
            CheckEqual(together[0], rank);
        }
    }

    /// <summary>
    /// Fails unless 20 steps of the task's optimizer have in all ranks the losses of one, within 1e-4, and weights no farther from one's
    /// than three times what the order of a batch's rows makes.
    /// </summary>
    public void CheckOptimizer(int size)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        (double[] losses, float[][] weights) = Train(SingleRank.Instance, batch => batch);
        (_, float[][] reordered) = Train(SingleRank.Instance, reorder);
        (double[] Losses, float[][] Weights)[] together = Ranks.Run(size, ranks => Train(ranks, batch => batch));
        double most = 3 * All(weights, reordered);
        Assert.IsGreaterThan(0, most, "the order makes no difference, so nothing is compared");
        foreach ((double[] Losses, float[][] Weights) rank in together)
        {
            for (int step = 0; step < Steps; step++)
            {
                Assert.AreEqual(losses[step], rank.Losses[step], 1e-4, $"step {step}");
            }

            Assert.IsLessThanOrEqualTo(most, All(weights, rank.Weights));
            CheckEqual(together[0].Weights, rank.Weights);
        }
    }

    /// <summary>Fails unless 20 steps of the task's optimizer, a reproducible one, end in all ranks with the bits of one.</summary>
    public void CheckBits(int size)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        (double[] losses, float[][] weights) = Train(SingleRank.Instance, batch => batch);
        (double[] Losses, float[][] Weights)[] together = Ranks.Run(size, ranks => Train(ranks, batch => batch));
        foreach ((double[] Losses, float[][] Weights) rank in together)
        {
            CollectionAssert.AreEqual(losses, rank.Losses);
            CheckEqual(weights, rank.Weights);
        }
    }

    /// <summary>Adam's first average is a tenth of the gradient.</summary>
    private float[][] FirstGradients(ICollective ranks) => With(ranks, Still, task =>
    {
        task.Take(task.Epoch(0, 0).First(), 0);
        return Array.ConvertAll(Averages(task), pair => Numbers(pair.Average.mul(10)));
    });

    /// <summary>Adam computes the gradients and stands still, for its rate is next to nothing.</summary>
    private float[][] Descend(ICollective ranks, int steps) => With(ranks, Still, task =>
    {
        using IDisposable inference = no_grad();
        foreach ((TBatch batch, int step) in Batches(task).Take(steps).Select((batch, step) => (batch, step)))
        {
            Array.ForEach(Averages(task), pair => pair.Average.zero_());
            using (enable_grad())
            {
                task.Take(batch, step);
            }

            foreach ((Tensor weight, Tensor average) in Averages(task))
            {
                weight.sub_(average * (10 * DescentRate));
            }
        }

        return Weights(task);
    });

    private (double[] Losses, float[][] Weights) Train(ICollective ranks, Func<TBatch, TBatch> order) => With(ranks, 1, task =>
    {
        double[] losses = [.. Batches(task).Take(Steps).Select((batch, step) => task.Take(order(batch), step))];
        return (losses, Weights(task));
    });

    private T With<T>(ICollective ranks, double rate, Func<ITrainingTask<TBatch>, T> work)
    {
        using var scope = NewDisposeScope();
        (ITrainingTask<TBatch> task, IDisposable[] parts) = create(ranks, rate);
        try
        {
            return work(task);
        }
        finally
        {
            Array.ForEach(parts, part => part.Dispose());
        }
    }

    private static IEnumerable<TBatch> Batches(ITrainingTask<TBatch> task) =>
        Enumerable.Range(0, Steps).SelectMany(epoch => task.Epoch(epoch, 0));

    /// <summary>What is trained, with Adam's average of its gradients.</summary>
    private static (Tensor Weight, Tensor Average)[] Averages(ITrainingTask<TBatch> task)
    {
        const string Average = ".exp_avg";
        var weights = task.State.Single(part => part.Name == "weights").State.State().ToDictionary();
        return
        [
            .. task.Gradients.States.SelectMany(state => state.State.State())
                .Where(pair => pair.Key.EndsWith(Average, StringComparison.Ordinal))
                .Select(pair => (weights[pair.Key[..^Average.Length]], pair.Value)),
        ];
    }

    private static float[][] Weights(ITrainingTask<TBatch> task) => [.. task.Gradients.Parameters.Select(Numbers)];

    private static float[] Numbers(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    private static double Norm(float[] numbers) => Math.Sqrt(numbers.Sum(number => (double)number * number));

    private static double Distance(float[] one, float[] other) =>
        Math.Sqrt(one.Zip(other).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)));

    private static double All(float[][] one, float[][] other) =>
        Math.Sqrt(one.Zip(other).Sum(pair => Math.Pow(Distance(pair.First, pair.Second), 2)));

    /// <summary>Gradients that cancel out in exact arithmetic are rounding noise of the others, some units of fp32's last place.</summary>
    private static void CheckNear(float[][] expected, float[][] actual, double tolerance, string what)
    {
        double noise = 3e-7 * Math.Sqrt(expected.Sum(tensor => Math.Pow(Norm(tensor), 2)));
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.IsLessThanOrEqualTo((tolerance * Norm(expected[i])) + noise, Distance(expected[i], actual[i]), $"{what} {i}");
        }
    }

    private static void CheckEqual(float[][] first, float[][] other)
    {
        for (int i = 0; i < first.Length; i++)
        {
            CollectionAssert.AreEqual(first[i], other[i], "the same bits in all ranks");
        }
    }
}
