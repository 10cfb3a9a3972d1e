using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Sgm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>Memory tokens of a column of numbers, beside those of the graph.</summary>
[TestClass]
public sealed class FeatureMemoryTests
{
    private static readonly Triple[] Triples = [new(0, 0, 1), new(5, 0, 5)];
    private static readonly float[][] Rows = [[1, 200], [-3, float.NaN]];

    private static FeatureMemoryShape Shape => new(
        new FeatureMemoryOptions { Tokens = 2, HiddenWidth = 5 }, FeatureScaling.Fit([.. Rows, [2, 7]], ["degree", "lift"]));

    [TestMethod]
    public void Tokens_are_those_of_a_two_layer_network_with_gelu()
    {
        using DisposeScope scope = NewDisposeScope();
        var memory = new FeatureMemory(Shape, hiddenSize: 6, new RandomStreams(3), budget: null);
        using FeatureNetwork network = memory.Network;
        Tensor tokens = memory.Encode(Rows, CPU);
        CollectionAssert.AreEqual(new long[] { 2, 2, 6 }, tokens.shape);
        Dictionary<string, float[]> weights = network.named_parameters().ToDictionary(
            pair => pair.name, pair => pair.parameter.detach().data<float>().ToArray());
        CollectionAssert.AreEquivalent(new[] { "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias" }, weights.Keys.ToArray());
        float[] lengths = network.InputStrengths();
        Assert.HasCount(3, lengths);
        for (int input = 0; input < 3; input++)
        {
            double squares = Enumerable.Range(0, 5).Sum(hidden => Math.Pow(weights["fc1.weight"][(hidden * 3) + input], 2));
            Assert.AreEqual(Math.Sqrt(squares), lengths[input], 1e-6, $"input {input}");
        }

        float[] actual = tokens.detach().data<float>().ToArray();
        for (int row = 0; row < 2; row++)
        {
            float[] inputs = new float[3];
            Shape.Scaling.Fill(Rows[row], 4, inputs);
            double[] hidden = [.. Map(weights["fc1.weight"], weights["fc1.bias"], [.. inputs.Select(value => (double)value)]).Select(Gelu)];
            double[] expected = Map(weights["fc2.weight"], weights["fc2.bias"], hidden);
            for (int i = 0; i < 12; i++)
            {
                Assert.AreEqual(expected[i], actual[(row * 12) + i], 1e-5, $"row {row}, number {i}");
            }
        }
    }

    [TestMethod]
    public void Tokens_of_evidence_keep_their_bits_and_those_of_features_stand_behind_them()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using Tiny without = new(null), with = new(Shape);
        Tensor expected = without.Model.Remember(without.Model.CollectEvidence(Triples, QueryMask.Full));
        Tensor actual = with.Model.Remember(with.Model.CollectEvidence(Triples, QueryMask.Full), Rows);
        CollectionAssert.AreEqual(new long[] { 2, 5, without.Model.BaseModel.Config.HiddenSize }, actual.shape);
        Near.Absolute(expected, actual.narrow(1, 0, 3), 0, "tokens of the evidence");
        Near.Absolute(with.Model.Features!.Encode(Rows, CPU), actual.narrow(1, 3, 2), 0, "tokens of the features");
        string[] more =
        [
            .. with.Model.NamedParameters().Select(pair => pair.Name).Except(without.Model.NamedParameters().Select(pair => pair.Name)),
        ];
        CollectionAssert.AreEquivalent(
            new[] { "features.fc1.weight", "features.fc1.bias", "features.fc2.weight", "features.fc2.bias" }, more);
    }

    [TestMethod]
    public void A_model_that_reads_features_asks_for_them_and_for_as_many_as_it_was_made_with()
    {
        using DisposeScope scope = NewDisposeScope();
        using Tiny tiny = new(Shape);
        TripleEvidence evidence = tiny.Model.CollectEvidence(Triples, QueryMask.Full);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => tiny.Model.ReadEvidence(evidence)).Message, "reads features");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => tiny.Model.ReadEvidence(evidence, [[1, 2], [1]])).Message,
            "A row has 1 features; the model was trained with 2");
    }

    [TestMethod]
    public void Gradients_are_those_of_finite_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        var memory = new FeatureMemory(Shape, hiddenSize: 6, new RandomStreams(3), budget: null);
        using FeatureNetwork network = memory.Network;
        Tensor weights = arange(24, ScalarType.Float32).view(2, 2, 6).sub(11).div(10);
        memory.Encode(Rows, CPU).mul(weights).sum().backward();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            using IDisposable inference = no_grad();
            Tensor flat = parameter.view(-1);
            float gradient = parameter.grad!.view(-1)[1].item<float>();
            const float Step = 1e-2f;
            flat[1].add_(Step);
            double above = memory.Encode(Rows, CPU).mul(weights).sum().item<float>();
            flat[1].sub_(2 * Step);
            double below = memory.Encode(Rows, CPU).mul(weights).sum().item<float>();
            flat[1].add_(Step);
            Assert.AreEqual((above - below) / (2 * Step), gradient, 2e-3, name);
        }
    }

    [TestMethod]
    public void Effects_are_those_of_setting_one_feature_to_its_mean()
    {
        FeatureScaling scaling = FeatureScaling.Fit([[0, 0, 7, 1], [10, 10, 7, float.NaN], [3, 8, 7, 2]], ["a", "b", "same", "d"]);
        FeatureMemoryShape shape = new(new FeatureMemoryOptions(), scaling);
        List<float[]> asked = [];
        double Score(float[] row) => row[0] - (3 * row[1]) + (float.IsNaN(row[3]) ? 5 : 0);
        (IReadOnlyList<FeatureReading> read, IReadOnlyList<double> groups) = new FeatureEffects(shape, [1, 1, 1, 1, 1], rows =>
        {
            asked.AddRange(rows);
            return [.. rows.Select(Score)];
        }).Of([10, 8, 9, float.NaN], count: 2, groups: [[0, 1], [3]]);
        Assert.HasCount(6, asked, "the row itself, one for each feature that the network could see, and one for each group");
        Assert.AreEqual(("b", 8f), (read[0].Name, read[0].Value));
        Assert.AreEqual(-3 * (8 - scaling.MeanOf(1)), read[0].Effect, 1e-5);
        Assert.AreEqual(("a", 10f), (read[1].Name, read[1].Value));
        Assert.AreEqual(10 - scaling.MeanOf(0), read[1].Effect, 1e-5);
        Assert.AreEqual(read[0].Effect + read[1].Effect, groups[0], 1e-5);
        Assert.AreEqual(5, groups[1], 1e-5);
    }

    [TestMethod]
    public void Of_many_features_those_are_left_out_that_move_the_network_most()
    {
        const int Many = 200;
        string[] names = [.. Enumerable.Range(0, Many).Select(slot => $"f{slot}")];
        FeatureScaling scaling = FeatureScaling.Fit([new float[Many], [.. Enumerable.Repeat(1f, Many)]], names);
        float[] strengths = [.. Enumerable.Range(0, Many).Select(slot => slot % 3 == 0 ? slot : 0.5f)];
        FeatureMemoryShape shape = new(new FeatureMemoryOptions(), scaling);
        int asked = 0;
        IReadOnlyList<FeatureReading> read = new FeatureEffects(shape, strengths, rows =>
        {
            asked = rows.Count;
            return [.. rows.Select(row => row.Sum())];
        }).Of([.. Enumerable.Repeat(1f, Many)], Many, groups: []).Features;
        Assert.AreEqual(1 + FeatureEffects.MostLeftOut, asked);
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, Many).Where(slot => slot % 3 == 0).OrderDescending().Take(FeatureEffects.MostLeftOut)
                .Select(slot => $"f{slot}").ToArray(),
            read.Select(reading => reading.Name).ToArray());
    }

    private static double[] Map(float[] weight, float[] bias, double[] inputs) =>
        [.. bias.Select((start, output) => inputs.Select((value, i) => value * weight[(output * inputs.Length) + i]).Sum() + start)];

    // x Φ(x), Φ by a series around 0.
    private static double Gelu(double x)
    {
        double term = x, sum = x;
        for (int k = 1; k < 60; k++)
        {
            term *= -x * x / 2 / k;
            sum += term / ((2 * k) + 1);
        }

        return x * (0.5 + (sum / Math.Sqrt(2 * Math.PI)));
    }

    private sealed class Tiny : IDisposable
    {
        public Tiny(FeatureMemoryShape? features)
        {
            KnowledgeGraph graph = TinyGmt.People();
            SgmModule module = SgmModels.Create(
                graph, new SgmOptions { GraphDimension = 16, Layers = 1, Heads = 2, TopK = 3 }, 12);
            Model = new GmtModel(TinyLlama.Create(), graph, module, TinyGmt.Options, new RandomStreams(5), features: features);
        }

        public GmtModel Model { get; }

        public void Dispose()
        {
            Model.Dispose();
            Model.BaseModel.Dispose();
        }
    }
}
