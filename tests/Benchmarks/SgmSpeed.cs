using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// A step of stage 1 at the reference's settings (CoDEx-S, width 256, 2 layers, 128 true triples with 64 corrupted ones each) beside its
/// bound: the matrix products of the feed-forward part alone, forward and backward, over the distinct edge states. Both run in turn, so
/// that a busy machine slows both; best of several rounds. Then the same module edge by edge, as a definition would be written, on a slice.
/// </summary>
internal sealed class SgmSpeed : IBenchmark
{
    private const int Rounds = 15;
    private const int SliceEdges = 20_000;

    public string Verb => "sgm";

    public string What => "a step of stage 1 on CoDEx-S beside its matrix products alone and beside computing edge by edge";

    /// <summary>Prints the step's parts for each number of threads.</summary>
    public void Run()
    {
        TorchRuntime.EnsureLoaded();
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Machine.DataSet("codex-s"));
        int available = get_num_threads();
        Console.WriteLine(
            "| dropout | threads | products alone, ms | GFLOP/s | step, ms | step / products | edge by edge, s (extrapolated) |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (double dropout in new[] { 0.1, 0 })
        {
            for (int threads = 1; threads <= available; threads *= 2)
            {
                set_num_threads(threads);
                Console.WriteLine(Measure(graph, dropout, threads));
            }
        }

        set_num_threads(available);
    }

    private static string Measure(KnowledgeGraph graph, double dropout, int threads)
    {
        using DisposeScope scope = NewDisposeScope();
        var streams = new RandomStreams(42);
        using Generator generator = streams.Generator("relations");
        using var module = new SgmModule(
            new SgmOptions { Dropout = dropout }, RelationSemantics.Draw(graph.Relations.Count, 256, generator), streams);
        var options = new SgmTrainingOptions();
        var index = new GraphEdgeStateIndex(graph, module);
        using var step = new SgmStep(module, index, options, streams);
        IEnumerator<(Triple[] Positives, Triple[] Negatives)> batches = new TripleBatches(
            graph, graph.Triples(GraphSplit.Train).ToArray(), options, streams).Epoch(0).GetEnumerator();
        var products = new Products(index.Current.States.Count, module.Options.GraphDimension, module.Options.Layers);
        Best alone = new(), whole = new();
        long edges = 0;
        for (int round = 0; round < Rounds; round++)
        {
            alone.Time(products.Run);
            whole.Time(() =>
            {
                batches.MoveNext();
                step.Take(batches.Current.Positives, batches.Current.Negatives, round);
            });
            edges = batches.Current.Positives.Concat(batches.Current.Negatives).Sum(
                triple => (long)graph.Adjacency.Degree(triple.Head) + graph.Adjacency.Degree(triple.Tail));
        }

        string naive = dropout == 0 ? (EdgeByEdge(module, index.Current) * edges).ToString("f1", CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"| {dropout} | {threads} | {alone.Seconds * 1e3:f1} | {products.Flops / alone.Seconds / 1e9:f0} | {whole.Seconds * 1e3:f1} | {whole.Seconds / alone.Seconds:f2} | {naive} |");
    }

    /// <summary>Seconds for one edge, forward and backward, where every edge is encoded on its own.</summary>
    private static double EdgeByEdge(SgmModule module, GraphEdgeStates graph)
    {
        int[] slice = [.. graph.EdgeState.Take(SliceEdges)];
        int topK = graph.States.TopK;
        var everyEdge = new EdgeStateList(
            [.. slice.Select(state => graph.States.Relations[state])],
            [.. slice.SelectMany(state => graph.States.Contexts.Skip(state * topK).Take(topK))], topK);
        Best best = new();
        for (int round = 0; round < 3; round++)
        {
            best.Time(() =>
            {
                using DisposeScope scope = NewDisposeScope();
                module.EncodeStates(everyEdge).sum().backward();
                module.zero_grad();
            });
        }

        return best.Seconds / slice.Length;
    }

    /// <summary>Both matrices of each layer's feed-forward part: forward, and backward for input and weight.</summary>
    private sealed class Products(int states, int width, int layers)
    {
        private readonly Tensor _narrow =
            randn(states, width), _wide = randn(states, 4 * width), _expand = randn(4 * width, width), _contract = randn(width, 4 * width);

        public double Flops => layers * 2.0 * 3.0 * 2.0 * states * width * 4 * width;

        public void Run()
        {
            using IDisposable inference = no_grad();
            using DisposeScope scope = NewDisposeScope();
            for (int layer = 0; layer < layers; layer++)
            {
                _narrow.mm(_expand.t());       // W1 x
                _wide.mm(_contract.t());       // W2 h
                _narrow.mm(_contract);         // gradient of h
                _narrow.t().mm(_wide);         // gradient of W2
                _wide.mm(_expand);             // gradient of x
                _wide.t().mm(_narrow);         // gradient of W1
            }
        }
    }
}
