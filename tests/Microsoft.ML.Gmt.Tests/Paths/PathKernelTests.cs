using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>What runs path networks, beside their formulas.</summary>
[TestClass]
public sealed class PathKernelTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [TestMethod]
    public void Scores_and_states_are_those_of_the_formulas() => ForRandomNetworks(0, (network, naive, _, query) =>
    {
        float[] states = new float[network.Graph.NodeCount * network.Width], expected = new float[states.Length];
        network.Network.States(query, states);
        naive.States(query, expected);
        AreNear(expected, states);
        float[] scores = new float[network.Graph.NodeCount], expectedScores = new float[scores.Length];
        network.Network.ScoreAll([query], scores);
        naive.ScoreAll([query], expectedScores);
        AreNear(expectedScores, scores);
    });

    [TestMethod]
    public void One_score_has_the_bits_that_it_has_among_all() => ForRandomNetworks(1, (network, _, _, query) =>
    {
        float[] scores = new float[network.Graph.NodeCount];
        network.Network.ScoreAll([query], scores);
        for (int node = 0; node < scores.Length; node++)
        {
            Assert.AreEqual(scores[node], network.Network.Score(query, node));
        }
    });

    [TestMethod]
    public void Removed_edges_are_as_if_the_graph_lacked_them() => ForRandomNetworks(2, (network, _, layers, query) =>
    {
        // Both directions, all copies: a kernel counts on nodes sending to those that they receive from.
        int half = network.Graph.LabelCount / 2;
        SortedSet<int> removed = [];
        foreach (int edge in query.Removed.ToArray())
        {
            var one = new MessageEdge(network.Graph.ReceiverOf(edge), network.Graph.Senders[edge], network.Graph.Labels[edge]);
            int label = one.Label < half ? one.Label + half : one.Label - half;
            removed.UnionWith(All(network.Graph.Find(one)));
            removed.UnionWith(All(network.Graph.Find(new MessageEdge(one.Sender, one.Receiver, label))));
        }

        query = query with { Removed = removed.ToArray() };
        MessageEdge[] left =
        [
            .. Enumerable.Range(0, network.Graph.EdgeCount).Where(edge => !removed.Contains(edge)).Select(edge => new MessageEdge(
                network.Graph.ReceiverOf(edge), network.Graph.Senders[edge], network.Graph.Labels[edge])),
        ];
        MessageGraph graph = MessageGraph.Build(network.Graph.NodeCount, network.Graph.LabelCount, left);
        using var kernel = new ManagedPathKernel(graph);
        using IPathNetwork other = kernel.Bind(layers.Layers, layers.Readout);
        float[] scores = new float[graph.NodeCount], expected = new float[graph.NodeCount];
        network.Network.ScoreAll([query], scores);
        other.ScoreAll([query with { Removed = default }], expected);
        CollectionAssert.AreEqual(expected, scores);
    });

    [TestMethod]
    public void A_query_does_not_depend_on_those_beside_it() => ForRandomNetworks(3, (network, _, _, query) =>
    {
        int nodes = network.Graph.NodeCount;
        PathQuery[] queries = [query, query with { Source = 0 }, query with { Removed = default }, query];
        float[] together = new float[queries.Length * nodes], alone = new float[nodes];
        network.Network.ScoreAll(queries, together);
        for (int i = 0; i < queries.Length; i++)
        {
            network.Network.ScoreAll([queries[i]], alone);
            CollectionAssert.AreEqual(alone, together[(i * nodes)..((i + 1) * nodes)]);
        }
    });

    [TestMethod]
    public void A_network_without_readout_scores_nothing()
    {
        using var kernel = new ManagedPathKernel(MessageGraph.Build(2, 2, [new(0, 1, 0), new(1, 0, 1)]));
        using IPathNetwork network = kernel.Bind([PathNetworks.Layer(new Random(1), 2, 16)], readout: null);
        Assert.ThrowsExactly<InvalidOperationException>(() => network.Score(new PathQuery(0, new float[16], default), 1));
        Assert.ThrowsExactly<InvalidOperationException>(() => network.ScoreAll([new PathQuery(0, new float[16], default)], new float[2]));
    }

    private static void ForRandomNetworks(
        int salt, Action<Bound, NaivePathNetwork, (PathLayer[] Layers, PathReadout Readout), PathQuery> check) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed ^ salt);
            int nodes = random.Next(1, 60), labels = 2 * random.Next(1, 4), width = new[] { 16, 32, 48, 64, 128 }[random.Next(5)];
            MessageGraph graph = MessageGraph.Build(nodes, labels, PathNetworks.Edges(random, nodes, labels, random.Next(2 * nodes)));
            bool hasDegrees = random.Next(2) == 0;
            PathLayer[] layers =
            [
                .. Enumerable.Range(0, random.Next(1, 5)).Select(_ => PathNetworks.Layer(random, labels, width, hasDegrees)),
            ];
            PathReadout readout = PathNetworks.Readout(random, 16 * random.Next(1, 9), width);
            using var kernel = new ManagedPathKernel(graph);
            using IPathNetwork network = kernel.Bind(layers, readout);
            int[] removed = [.. Enumerable.Range(0, graph.EdgeCount).Where(_ => random.Next(6) == 0).Take(random.Next(5))];
            check(
                new Bound(network, graph, width), new NaivePathNetwork(graph, layers, readout), (layers, readout),
                new PathQuery(random.Next(nodes), PathNetworks.Numbers(random, width, 1), removed));
        }));

    private static IEnumerable<int> All(Range edges) => Enumerable.Range(edges.Start.Value, edges.End.Value - edges.Start.Value);

    // Random networks have none of the small numbers that trained ones have.
    private static void AreNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double largest = 0;
        foreach (float value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        UltraGolden.AreNear(expected, actual, 1e-4 * Math.Max(largest, 1), "");
    }

    private sealed record Bound(IPathNetwork Network, MessageGraph Graph, int Width);
}
