using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Tests.Runtime;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>Queries that may reach the most promising entities alone.</summary>
[TestClass]
public sealed class PathLimitTests
{
    [TestMethod]
    public void The_managed_kernel_follows_the_definition() => ForRandomNetworks(trial =>
    {
        using var kernel = new ManagedPathKernel(trial.Graph);
        using IPathNetwork network = kernel.Bind(trial.Layers, trial.Readout, trial.Limit);
        var naive = new NaivePathNetwork(trial.Graph, trial.Layers, trial.Readout, mostNewNodes: trial.Limit);
        AreNear(States(naive, trial), States(network, trial), 1e-4);
        AreNear(Scores(naive, trial), Scores(network, trial), 1e-4);
    });

    [TestMethod]
    [DataRow("portable")]
    [DataRow("AVX2")]
    [DataRow("AVX-512")]
    public void Native_and_managed_kernel_agree(string name)
    {
        NativeInstructions instructions = RequiredNative.Instructions(name);
        ForRandomNetworks(trial =>
        {
            using var native = new NativePathKernel(trial.Graph, instructions);
            using var managed = new ManagedPathKernel(trial.Graph);
            using IPathNetwork one = native.Bind(trial.Layers, trial.Readout, trial.Limit);
            using IPathNetwork other = managed.Bind(trial.Layers, trial.Readout, trial.Limit);
            AreNear(States(other, trial), States(one, trial), 1e-5);
            AreNear(Scores(other, trial), Scores(one, trial), 1e-5);
        });
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_limit_of_all_nodes_has_the_bits_of_none_and_an_answer_alone_those_among_all(bool isNative)
    {
        if (isNative)
        {
            RequiredNative.Instructions(NativeInstructions.Best);
        }

        ForRandomNetworks(trial =>
        {
            using IPathKernel kernel = isNative ? new NativePathKernel(trial.Graph) : new ManagedPathKernel(trial.Graph);
            using IPathNetwork exact = kernel.Bind(trial.Layers, trial.Readout);
            using IPathNetwork all = kernel.Bind(trial.Layers, trial.Readout, trial.Graph.NodeCount);
            using IPathNetwork limited = kernel.Bind(trial.Layers, trial.Readout, trial.Limit);
            CollectionAssert.AreEqual(Scores(exact, trial), Scores(all, trial));
            float[] scores = Scores(limited, trial);
            for (int node = 0; node < scores.Length; node++)
            {
                Assert.AreEqual(scores[node], limited.Score(trial.Query, node));
            }
        });
    }

    [TestMethod]
    public void A_tight_limit_leaves_what_it_does_not_reach_at_the_baseline()
    {
        // A star: the source in the middle, six leaves; one more layer would reach nothing else.
        MessageEdge[] edges =
            [.. Enumerable.Range(1, 6).SelectMany(leaf => new MessageEdge[] { new(0, leaf, 0), new(leaf, 0, 1) })];
        var random = new Random(4);
        MessageGraph graph = MessageGraph.Build(7, 2, edges);
        PathLayer[] layers = [PathNetworks.Layer(random, 2, 16), PathNetworks.Layer(random, 2, 16)];
        using IPathKernel kernel = PathKernel.Create(graph);
        using IPathNetwork network = kernel.Bind(layers, readout: null, mostNewNodes: 2);
        float[] states = new float[7 * 16];
        network.States(new PathQuery(0, PathNetworks.Numbers(random, 16, 1), default), states);

        // Of equal masses the lower ids: leaves 1 and 2 in the first layer, 3 and 4 in the second.
        float[][] rows = [.. states.Chunk(16)];
        CollectionAssert.AreEqual(rows[5], rows[6]);
        CollectionAssert.AreEqual(rows[1], rows[2]);
        CollectionAssert.AreEqual(rows[3], rows[4]);
        CollectionAssert.AreNotEqual(rows[4], rows[5]);
        CollectionAssert.AreNotEqual(rows[2], rows[3]);
    }

    [TestMethod]
    public void A_scorer_gives_the_same_bits_on_many_threads_and_hides_a_row_s_own_triple()
    {
        KnowledgeGraph graph = Graphs.Random(80, 5, 200);
        Triple[] triples = [.. graph.Triples(GraphSplit.Train).ToArray().Distinct()];
        using var scorer = new PathScorer(TinyPathModel.Model(), graph, mostNewEntities: 3);
        float[] together = new float[triples.Length], one = new float[1], tails = new float[graph.Entities.Count];
        float[] heads = new float[tails.Length];
        scorer.Score(triples, QueryMask.Full, together);
        for (int i = 0; i < triples.Length; i++)
        {
            scorer.Score(new[] { triples[i] }, QueryMask.Full, one);
            Assert.AreEqual(one[0], together[i]);
            scorer.ScoreBothSides(new[] { triples[i] }, QueryMask.Full, heads, tails);
            Assert.AreEqual(PathScorer.Mean(heads[triples[i].Head], tails[triples[i].Tail]), one[0]);
        }

        using var exact = new PathScorer(TinyPathModel.Model(), graph);
        float[] expected = new float[triples.Length];
        exact.Score(triples, QueryMask.Full, expected);
        CollectionAssert.AreNotEqual(expected, together);
    }

    private static float[] Scores(IPathNetwork network, Trial trial)
    {
        float[] scores = new float[trial.Graph.NodeCount];
        network.ScoreAll([trial.Query], scores);
        return scores;
    }

    private static float[] States(IPathNetwork network, Trial trial)
    {
        float[] states = new float[trial.Graph.NodeCount * trial.Layers[0].Width];
        network.States(trial.Query, states);
        return states;
    }

    private static void ForRandomNetworks(Action<Trial> check) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            int nodes = random.Next(1, 60), labels = 2 * random.Next(1, 4), width = 16 * random.Next(1, 5);
            MessageGraph graph = MessageGraph.Build(nodes, labels, PathNetworks.Edges(random, nodes, labels, random.Next(3 * nodes)));
            bool hasDegrees = random.Next(2) == 0;
            PathLayer[] layers =
                [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => PathNetworks.Layer(random, labels, width, hasDegrees))];
            int[] removed = Enumerable.Range(0, graph.EdgeCount).Where(_ => random.Next(8) == 0).Take(random.Next(4)).ToArray();
            check(new Trial(graph, layers, PathNetworks.Readout(random, 32, width), random.Next(1, 9), new PathQuery(
                random.Next(nodes), PathNetworks.Numbers(random, width, 1), BothWays(graph, removed))));
        }));

    // The edges both ways, all copies, as masks remove them.
    private static int[] BothWays(MessageGraph graph, int[] edges)
    {
        int half = graph.LabelCount / 2;
        SortedSet<int> found = [];
        foreach (int edge in edges)
        {
            var one = new MessageEdge(graph.ReceiverOf(edge), graph.Senders[edge], graph.Labels[edge]);
            Add(graph.Find(one));
            Add(graph.Find(new MessageEdge(one.Sender, one.Receiver, (one.Label + half) % graph.LabelCount)));
        }

        return [.. found];

        void Add(Range range) => found.UnionWith(Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value));
    }

    private static void AreNear(float[] expected, float[] found, double tolerance) => UltraGolden.AreNear(
        expected, found, tolerance * Math.Max(1, expected.Max(value => Math.Abs((double)value))), "");

    private sealed record Trial(MessageGraph Graph, PathLayer[] Layers, PathReadout Readout, int Limit, PathQuery Query);
}
