using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Runtime;

namespace Microsoft.ML.Gmt.Tests.Paths;

[TestClass]
public sealed class NativePathKernelTests
{
    private const double Tolerance = 1e-5;   // of the largest number

    [TestMethod]
    [DataRow("portable")]
    [DataRow("AVX2")]
    [DataRow("AVX-512")]
    public void Native_and_managed_kernel_agree(string name)
    {
        NativeInstructions instructions = RequiredNative.Instructions(name);
        Gen<Case> cases =
            from nodes in Gen.Choose(1, 40)
            from labels in Gen.Choose(1, 3)
            from pairs in Gen.Choose(0, 60)
            from lanes in Gen.Choose(1, 5)
            from layers in Gen.Choose(1, 6)
            from seed in Gen.Choose(0, 100_000)
            select new Case(nodes, 2 * labels, pairs, 16 * lanes, layers, seed);
        Property property = Prop.ForAll(cases.ToArbitrary(), each => Compare(each, instructions));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), property);
    }

    [TestMethod]
    public void Scores_depend_neither_on_the_instructions_nor_on_other_queries_nor_on_threads()
    {
        RequiredNative.Instructions(NativeInstructions.Avx512);
        var sparse = new Case(Nodes: 400, Labels: 6, Pairs: 500, Width: 64, Layers: 6, Seed: 3);
        PathQuery[] queries = sparse.Queries(12);
        float[] expected = Scores(sparse, queries, NativeInstructions.Avx512);
        CollectionAssert.AreEqual(expected, Scores(sparse, queries, NativeInstructions.Avx2), "AVX2");
        using var kernel = new NativePathKernel(sparse.Graph);
        using IPathNetwork network = kernel.Bind(sparse.Network, sparse.Readout);
        float[][] each = new float[queries.Length][];
        Parallel.For(0, queries.Length, i => network.ScoreAll([queries[i]], each[i] = new float[400]));
        CollectionAssert.AreEqual(expected, each.SelectMany(scores => scores).ToArray(), "each on its own thread");
        for (int node = 0; node < 400; node += 7)
        {
            Assert.AreEqual(each[1][node], network.Score(queries[1], node), $"node {node} alone");
        }
    }

    [TestMethod]
    public void What_does_not_fit_is_refused_before_anything_is_written()
    {
        RequiredNative.Instructions(NativeInstructions.Best);
        var small = new Case(Nodes: 5, Labels: 2, Pairs: 9, Width: 16, Layers: 2, Seed: 1);
        PathQuery query = small.Queries(1)[0];
        var kernel = new NativePathKernel(small.Graph);
        IPathNetwork mute = kernel.Bind(small.Network, readout: null), network = kernel.Bind(small.Network, small.Readout);
        Assert.ThrowsExactly<InvalidOperationException>(() => mute.Score(query, 0));
        Assert.ThrowsExactly<InvalidOperationException>(() => mute.ScoreAll([query], new float[5]));
        Assert.ThrowsExactly<ArgumentException>(() => network.ScoreAll([query], new float[4]));
        Assert.ThrowsExactly<ArgumentException>(() => network.States(query, new float[79]));
        Assert.ThrowsExactly<ArgumentException>(() => network.Score(query with { Source = 5 }, 0));
        Assert.ThrowsExactly<ArgumentException>(() => network.Score(query, -1));
        Assert.ThrowsExactly<ArgumentException>(() => network.Score(query with { Removed = new int[] { small.Graph.EdgeCount } }, 0));
        mute.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => mute.States(query, new float[80]));

        // What is bound outlives the kernel.
        float expected = network.Score(query, 1);
        kernel.Dispose();
        Assert.AreEqual(expected, network.Score(query, 1));
        network.Dispose();
    }

    private static void Compare(Case each, NativeInstructions instructions)
    {
        int nodes = each.Nodes;
        using var native = new NativePathKernel(each.Graph, instructions);
        using var managed = new ManagedPathKernel(each.Graph);
        using IPathNetwork one = native.Bind(each.Network, each.Readout), other = managed.Bind(each.Network, each.Readout);
        PathQuery[] queries = each.Queries(3);
        float[] found = new float[queries.Length * nodes], expected = new float[found.Length];
        one.ScoreAll(queries, found);
        other.ScoreAll(queries, expected);
        AreNear(expected, found, "scores");
        for (int i = 0; i < queries.Length; i++)
        {
            Assert.AreEqual(found[(i * nodes) + (i % nodes)], one.Score(queries[i], i % nodes), "a score alone");
            float[] states = new float[nodes * each.Width], expectedStates = new float[states.Length];
            one.States(queries[i], states);
            other.States(queries[i], expectedStates);
            AreNear(expectedStates, states, "states");
        }
    }

    private static float[] Scores(Case each, PathQuery[] queries, NativeInstructions instructions)
    {
        float[] scores = new float[queries.Length * each.Nodes];
        using var kernel = new NativePathKernel(each.Graph, instructions);
        using IPathNetwork network = kernel.Bind(each.Network, each.Readout);
        network.ScoreAll(queries, scores);
        return scores;
    }

    private static void AreNear(float[] expected, float[] found, string what)
    {
        double largest = expected.Max(value => Math.Abs((double)value));
        UltraGolden.AreNear(expected, found, Tolerance * Math.Max(1, largest), what);
    }

    /// <summary>A random graph and a random network over it.</summary>
    private sealed record Case(int Nodes, int Labels, int Pairs, int Width, int Layers, int Seed)
    {
        private readonly Random _random = new(Seed);
        private MessageGraph? _graph;
        private PathLayer[]? _network;
        private PathReadout? _readout;

        public MessageGraph Graph => _graph ??= MessageGraph.Build(Nodes, Labels, PathNetworks.Edges(_random, Nodes, Labels, Pairs));

        public PathLayer[] Network => _network ??=
            [.. Enumerable.Range(0, Layers).Select(_ => PathNetworks.Layer(_random, Labels, Width, hasDegrees: Seed % 2 == 0))];

        public PathReadout Readout => _readout ??= PathNetworks.Readout(_random, 32, Width);

        /// <summary>Queries, every second of which goes without some edges.</summary>
        public PathQuery[] Queries(int count) =>
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                int[] removed = i % 2 == 0 || Graph.EdgeCount == 0
                    ? []
                    : [.. Enumerable.Range(0, 4).Select(_ => _random.Next(Graph.EdgeCount)).Distinct().Order()];
                return new PathQuery(_random.Next(Nodes), PathNetworks.Numbers(_random, Width, 1), removed);
            }),
        ];
    }
}
