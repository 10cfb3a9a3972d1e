using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>The differentiable path network, beside the one that scores and beside differences of its results.</summary>
[TestClass]
public sealed class PathOperatorTests
{
    private const int Width = 16, Hidden = 32, Layers = 3;

    [TestMethod]
    public void Scores_and_states_are_those_of_the_scoring_kernel()
    {
        using var scope = NewDisposeScope();
        PathTrial trial = PathTrial.Random(seed: 3, nodes: 40, pairs: 90, hasDegrees: false);
        using var network = new PathOperator(trial.Graph, trial.Inverse);
        float[] scores = Numbers(network.Scores(trial.Parameters, trial.Batch));
        float[] states = Numbers(network.States(trial.Parameters, trial.Batch));
        for (int query = 0; query < trial.Batch.Count; query++)
        {
            using var kernel = new ManagedPathKernel(trial.Graph);
            using IPathNetwork other = kernel.Bind(trial.LayersOf(query), trial.Readout);
            float[] expected = new float[trial.Graph.NodeCount], expectedStates = new float[trial.Graph.NodeCount * Width];
            other.ScoreAll([trial.Query(query)], expected);
            other.States(trial.Query(query), expectedStates);
            UltraGolden.AreNear(expected, scores.AsSpan(query * expected.Length, expected.Length), 1e-4, "scores");
            UltraGolden.AreNear(expectedStates, states.AsSpan(query * expectedStates.Length, expectedStates.Length), 1e-4, "states");
        }
    }

    [TestMethod]
    [DataRow(true, false)]
    [DataRow(false, false)]
    [DataRow(true, true)]
    public void Gradients_are_those_of_finite_differences(bool hasDegrees, bool ofStates)
    {
        using var scope = NewDisposeScope();
        PathTrial trial = PathTrial.Random(seed: 5, nodes: 14, pairs: 25, hasDegrees).In(ScalarType.Float64);
        using var network = new PathOperator(trial.Graph, trial.Inverse);
        long[] shape = ofStates ? [trial.Batch.Count, trial.Graph.NodeCount, Width] : [trial.Batch.Count, trial.Graph.NodeCount];
        float[] numbers = PathNetworks.Numbers(new Random(7), (int)shape.Aggregate((a, b) => a * b), 1);
        Tensor weights = tensor(numbers).to(ScalarType.Float64).view(shape);
        PathParameters parameters = ofStates ? trial.Parameters.WithoutReadout() : trial.Parameters;
        Tensor[] inputs = [.. parameters.Present(), trial.Batch.Vectors, trial.Batch.Labels];
        foreach (Tensor input in inputs)
        {
            input.requires_grad_();
        }

        Loss().backward();
        var random = new Random(11);
        foreach (Tensor input in inputs)
        {
            using IDisposable inference = no_grad();
            Tensor gradient = input.grad!.view(-1), values = input.view(-1);
            for (int trialNumber = 0; trialNumber < 12; trialNumber++)
            {
                long place = random.NextInt64(values.numel());
                const double Step = 1e-6;
                double before = values[place].item<double>();
                values[place] = before + Step;
                double above = Loss().item<double>();
                values[place] = before - Step;
                double below = Loss().item<double>();
                values[place] = before;
                double expected = (above - below) / (2 * Step);
                Assert.AreEqual(expected, gradient[place].item<double>(), 1e-5 * Math.Max(1, Math.Abs(expected)));
            }
        }

        Tensor Loss()
        {
            Tensor result = ofStates ? network.States(parameters, trial.Batch) : network.Scores(parameters, trial.Batch);
            return (result * weights).sum();
        }
    }

    [TestMethod]
    public void A_batch_in_parts_has_the_gradients_of_the_whole()
    {
        using var scope = NewDisposeScope();
        PathTrial trial = PathTrial.Random(seed: 9, nodes: 30, pairs: 70, hasDegrees: true);
        using var whole = new TorchPathKernel(trial.Graph);
        using var parts = new TorchPathKernel(trial.Graph, memory: 1);
        Tensor gradient = whole.Forward(trial.Parameters, trial.Batch);
        Assert.IsTrue(allclose(gradient, parts.Forward(trial.Parameters, trial.Batch), 1e-5, 1e-5));
        IReadOnlyList<Tensor> expected = whole.Backward(trial.Parameters, trial.Batch, gradient);
        IReadOnlyList<Tensor> found = parts.Backward(trial.Parameters, trial.Batch, gradient);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.IsTrue(allclose(expected[i], found[i], 1e-4, 1e-4 * expected[i].abs().max().item<float>()), $"gradient {i}");
        }
    }

    [TestMethod]
    [DataRow("portable")]
    [DataRow("AVX2")]
    [DataRow("AVX-512")]
    public void The_native_kernel_and_its_twin_agree(string name)
    {
        NativeInstructions instructions = RequiredNative.Instructions(name);
        for (int seed = 0; seed < 12; seed++)
        {
            using var scope = NewDisposeScope();
            PathTrial trial = PathTrial.Random(
                seed, nodes: 1 + (seed * 17 % 120), pairs: seed * 30, hasDegrees: seed % 2 == 0, width: 16 * (1 + (seed % 4)),
                hidden: 16 * (1 + (seed % 3)), layers: 1 + (seed % 4), queries: 1 + (seed % 9));
            if (seed % 3 == 2)
            {
                trial = trial with { Parameters = trial.Parameters.WithoutReadout() };
            }

            using var twin = new TorchPathKernel(trial.Graph);
            using var network = new PathOperator(trial.Graph, trial.Inverse, instructions);
            Tensor[] inputs = [.. trial.Parameters.Present(), trial.Batch.Vectors, trial.Batch.Labels];
            foreach (Tensor input in inputs)
            {
                input.requires_grad_();
            }

            Tensor results = seed % 3 == 2 ? network.States(trial.Parameters, trial.Batch) : network.Scores(trial.Parameters, trial.Batch);
            AreNear(twin.Forward(trial.Parameters, trial.Batch), results, $"results of {seed}");
            Tensor gradient = tensor(PathNetworks.Numbers(new Random(seed), (int)results.numel(), 1)).view(results.shape);
            results.backward([gradient]);
            IReadOnlyList<Tensor> expected = twin.Backward(trial.Parameters, trial.Batch, gradient);
            for (int i = 0; i < inputs.Length; i++)
            {
                AreNear(expected[i], inputs[i].grad!, $"gradient {i} of {seed}");
            }
        }

        static void AreNear(Tensor expected, Tensor found, string what)
        {
            float largest = Math.Max(1, expected.abs().max().item<float>());
            Assert.IsLessThanOrEqualTo(1e-5f * largest, (expected - found).abs().max().item<float>(), what);
        }
    }

    [TestMethod]
    public void What_does_not_fit_is_refused_before_anything_runs()
    {
        using var scope = NewDisposeScope();
        PathTrial trial = PathTrial.Random(seed: 13, nodes: 9, pairs: 12, hasDegrees: false);
        using var network = new PathOperator(trial.Graph, trial.Inverse);
        PathBatch batch = trial.Batch;
        Refused(trial.Parameters with { Bias = zeros(Layers, Width + 1) }, batch, "Bias");
        Refused(trial.Parameters, batch with { Groups = [.. batch.Groups.Select(_ => 99)] }, "group of labels 99");
        Refused(trial.Parameters, batch with { Removed = [.. batch.Removed.Select(_ => new[] { -1 })] }, "edge -1");
        Refused(trial.Parameters, batch with { Removed = [.. batch.Removed.Select(_ => new[] { 1, 1 })] }, "twice");
        Refused(trial.Parameters with { Output = null }, batch, "readout");
        Assert.Contains(
            "not as often the other way",
            Assert.ThrowsExactly<ArgumentException>(() => new PathOperator(MessageGraph.Build(2, 2, [new(0, 1, 0)]), [1, 0])).Message);

        void Refused(PathParameters parameters, PathBatch queries, string text) =>
            Assert.Contains(text, Assert.ThrowsExactly<ArgumentException>(() => network.Scores(parameters, queries)).Message);
    }

    private static float[] Numbers(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
