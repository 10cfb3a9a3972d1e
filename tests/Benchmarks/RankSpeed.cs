using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// Filtered ranks of all test triples on both sides by DistMult, 256 wide, beside its bound: the matrix products of the distinct questions
/// alone, in batches as large. Both run in turn, so that a busy machine slows both; best of several rounds. Vectors are random: how good a
/// model is changes nothing of the work.
/// </summary>
internal sealed class RankSpeed : IBenchmark
{
    private const int Width = 256;
    private const int Rounds = 7;
    private const double LeastFlops = 30e9;   // of a round, so that the clock's steps do not count

    // PyKEEN's questions a CPU second are recorded ones, measured before and not by this program.
    private static readonly (string Name, string? Folder, int PyKeen)[] Graphs =
    [
        ("CoDEx-S", Machine.DataSet("codex-s"), 890), ("FB15k-237", Machine.SharedDataSet("fb15k-237"), 91),
    ];

    private static readonly KgeShape Shape = new()
    {
        Model = KgeModel.DistMult,
        EmbeddingDimension = Width,
        ReciprocalRelations = false,
        DistanceNorm = 2,
    };

    public string Verb => "ranks";

    public string What => "filtered ranks on both sides by DistMult, 256 wide, beside its matrix products alone (goal: 3 times)";

    public void Run()
    {
        TorchRuntime.EnsureLoaded();
        int available = get_num_threads();
        Console.WriteLine(
            "| graph | test triples | distinct questions | threads | products alone, CPU s | GFLOP/s | ranks, CPU s | ranks / products | "
            + "by the clock | questions a CPU second | PyKEEN's |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, string? folder, int pyKeen) in Graphs)
        {
            if (folder is null)
            {
                Console.Error.WriteLine($"{name} is not in shared/datasets beside the repository; left out.");
                continue;
            }

            KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder);
            for (int threads = 1; threads <= available; threads *= 2)
            {
                set_num_threads(threads);
                Console.WriteLine(Measure(name, graph, threads, pyKeen));
            }
        }

        set_num_threads(available);
    }

    private static string Measure(string name, KnowledgeGraph graph, int threads, int pyKeen)
    {
        using DisposeScope scope = NewDisposeScope();
        using var scorer = new KgeScorer(KgeModule.Create(Shape, graph.Bounds, initialScale: 1, new RandomStreams(42)), graph);
        Triple[] test = graph.Triples(GraphSplit.Test).ToArray();
        var known = new KnownTriples(graph);
        int distinct = test.DistinctBy(triple => (triple.Head, triple.Relation)).Count()
            + test.DistinctBy(triple => (triple.Relation, triple.Tail)).Count();
        var products = new Products(distinct, graph.Entities.Count);
        double flops = 2.0 * distinct * graph.Entities.Count * Width;
        int repeats = Math.Max(1, (int)(LeastFlops / flops));
        Best alone = new(), whole = new();
        for (int round = 0; round < Rounds; round++)
        {
            alone.Time(() => Repeat(repeats, products.Run));
            whole.Time(() => Repeat(repeats, () => EntityRanking.Rank(scorer, test, known, QueryMask.None)));
        }

        double aloneSeconds = alone.ProcessorSeconds / repeats, wholeSeconds = whole.ProcessorSeconds / repeats;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {test.Length} | {distinct} | {threads} | {aloneSeconds:f4} | {flops / aloneSeconds / 1e9:f0} | "
            + $"{wholeSeconds:f4} | {wholeSeconds / aloneSeconds:f2} | {whole.Seconds / alone.Seconds:f2} | "
            + $"{2 * test.Length / wholeSeconds:f0} | {pyKeen} |");
    }

    private static void Repeat(int times, Action work)
    {
        for (int i = 0; i < times; i++)
        {
            work();
        }
    }

    /// <summary>The matrix products alone: queries [rows, d] · entities [entities, d]ᵀ, into memory that is used again.</summary>
    private sealed class Products(int queries, int entities)
    {
        private const int BatchScores = 1 << 22;

        private readonly int _rows = Math.Clamp(BatchScores / entities, 32, 512);
        private readonly Tensor _queries = randn(queries, Width), _entities = randn(entities, Width);
        private readonly Tensor _scores = empty(Math.Clamp(BatchScores / entities, 32, 512), entities);

        public void Run()
        {
            using IDisposable inference = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor transposed = _entities.t();
            for (int first = 0; first < queries; first += _rows)
            {
                int count = Math.Min(_rows, queries - first);
                AtenDispatcher.Call("aten::mm", "out", _queries.narrow(0, first, count), transposed, _scores.narrow(0, 0, count));
            }
        }
    }
}
