using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// Queries of a foundation model that may reach the most promising entities alone, beside exact ones of the same test triples, in turn on
/// one thread; best of several rounds. What queries of a relation share is computed before.
/// </summary>
internal sealed class PathLimitSpeed : IBenchmark
{
    private const string Checkpoint = "ultra_50g.pth";
    private const int Rounds = 5;

    private static readonly (string Name, string? Folder, int Triples, int[] Limits)[] Graphs =
    [
        ("CoDEx-S", Machine.DataSet("codex-s"), 60, [100, 200, 400, 800]),
        ("FB15k-237", Machine.SharedDataSet("fb15k-237"), 12, [250, 500, 1000, 2000]),
        ("WN18RR", Machine.SharedDataSet("wn18rr"), 60, [50, 100, 200, 400, 1000]),
    ];

    public string Verb => "path-limits";

    public string What => "queries of a path model by how many more entities a layer may reach, beside exact ones";

    public void Run()
    {
        TorchRuntime.EnsureLoaded();
        if (Machine.PretrainedModel("ultra") is not { } folder)
        {
            Console.Error.WriteLine("There is no folder ultra in GMT_MODELS, nor in shared/models beside the repository.");
            return;
        }

        FoundationModel model = FoundationCheckpoint.Read(Path.Combine(folder, Checkpoint));
        int available = get_num_threads();
        set_num_threads(1);
        Console.WriteLine("| graph | queries | more entities a layer | exact, CPU ms a query | limited, CPU ms a query | times faster |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach ((string name, string? graphFolder, int triples, int[] limits) in Graphs)
        {
            if (graphFolder is null)
            {
                Console.Error.WriteLine($"{name} is not in shared/datasets beside the repository; left out.");
                continue;
            }

            KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(graphFolder);
            using var exact = new Queries(model, graph, triples, limit: null);
            foreach (int limit in limits)
            {
                using var limited = new Queries(model, graph, triples, limit);
                Best whole = new(), part = new();
                for (int round = 0; round < Rounds; round++)
                {
                    whole.Time(exact.Ask);
                    part.Time(limited.Ask);
                }

                double each = whole.ProcessorSeconds / exact.Count * 1e3, other = part.ProcessorSeconds / limited.Count * 1e3;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {name} | {exact.Count} | {limit:N0} | {each:f3} | {other:f3} | {each / other:f1} |"));
            }
        }

        set_num_threads(available);
    }

    /// <summary>Both sides of some test triples, with all that their relations share.</summary>
    private sealed class Queries : IDisposable
    {
        private readonly PathRuntime _runtime;
        private readonly Dictionary<int, RelationCache.Lease> _leases;
        private readonly (IPathNetwork Network, PathQuery Query, int Answer)[] _queries;
        private readonly float[] _scores;

        public Queries(FoundationModel model, KnowledgeGraph graph, int triples, int? limit)
        {
            _runtime = new PathRuntime(model, graph, limit);
            Triple[] test = graph.Triples(GraphSplit.Test).ToArray();
            Triple[] chosen = [.. Enumerable.Range(0, triples).Select(i => test[(long)i * test.Length / triples])];
            _leases = chosen.Select(triple => triple.Relation).Distinct().ToDictionary(relation => relation, _runtime.Take);
            _queries = [.. chosen.SelectMany(triple => PathSpeed.BothSides(_runtime, _leases, triple))];
            _scores = new float[graph.Entities.Count];
            Ask();
        }

        public int Count => _queries.Length;

        public void Ask()
        {
            foreach ((IPathNetwork network, PathQuery query, _) in _queries)
            {
                network.ScoreAll([query], _scores);
            }
        }

        public void Dispose()
        {
            foreach (RelationCache.Lease lease in _leases.Values)
            {
                lease.Dispose();
            }

            _runtime.Dispose();
        }
    }
}
