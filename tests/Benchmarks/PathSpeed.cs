using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// Queries of a foundation model on benchmark graphs: the scores of all entities, and one triple's logit, beside the matrix products of
/// the rows that a query changes, at the rate that libtorch has for products of that shape. Both run in turn, so that a busy machine slows
/// both; best of several rounds. What queries of a relation share is computed before, and counted apart.
/// </summary>
internal sealed class PathSpeed : IBenchmark
{
    private const string Checkpoint = "ultra_50g.pth";
    private const int Rounds = 7;

    // Queries of each round: every so many test triples, both sides of each.
    private static readonly (string Name, string? Folder, int Triples)[] Graphs =
    [
        ("CoDEx-S", Machine.DataSet("codex-s"), 60), ("FB15k-237", Machine.SharedDataSet("fb15k-237"), 8),
        ("WN18RR", Machine.SharedDataSet("wn18rr"), 30),
    ];

    public string Verb => "paths";

    public string What => "queries of a path model beside their matrix products alone (goals: 1.6 times; FB15k-237 2.8 times)";

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
        Console.WriteLine(
            "| graph | queries | rows of 7 to compute | products, GFLOP/s | products alone, CPU ms a query | "
            + "all entities, CPU ms a query | all / products | a relation's first query more, CPU ms | "
            + "one logit, CPU ms | two threads, queries a second times |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, string? graphFolder, int triples) in Graphs)
        {
            if (graphFolder is null)
            {
                Console.Error.WriteLine($"{name} is not in shared/datasets beside the repository; left out.");
                continue;
            }

            Console.WriteLine(Measure(name, model, KnowledgeGraphReader.ReadOpenKe(graphFolder), triples));
        }

        set_num_threads(available);
    }

    private static string Measure(string name, FoundationModel model, KnowledgeGraph graph, int triples)
    {
        using DisposeScope scope = NewDisposeScope();
        using var runtime = new PathRuntime(model, graph);
        Triple[] test = graph.Triples(GraphSplit.Test).ToArray();
        Triple[] chosen = [.. Enumerable.Range(0, triples).Select(i => test[(long)i * test.Length / triples])];
        var leases = chosen.Select(triple => triple.Relation).Distinct().ToDictionary(relation => relation, runtime.Take);
        (IPathNetwork Network, PathQuery Query, int Answer)[] queries =
            [.. chosen.SelectMany(triple => BothSides(runtime, leases, triple))];
        float[][] scores = [.. queries.Select(_ => new float[graph.Entities.Count])];
        void All(int i) => queries[i].Network.ScoreAll([queries[i].Query], scores[i]);

        var products = new LayerProducts(graph.Entities.Count, runtime.Width);
        double rows = queries.Average(query => RowsToCompute(runtime.Entities, query.Query.Source, model.EntityLayers.Count));
        Best first = new(), gemm = new(), all = new(), one = new(), alone = new(), together = new();
        first.Time(() => ForEach(queries.Length, All));
        for (int round = 0; round < Rounds; round++)
        {
            gemm.Time(products.Run);
            all.Time(() => ForEach(queries.Length, All));
            one.Time(() => ForEach(queries.Length, i => queries[i].Network.Score(queries[i].Query, queries[i].Answer)));
            alone.Time(() => ForEach(queries.Length, All));
            together.Time(() => Parallel.For(0, queries.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, All));
        }

        double rate = products.Flops / gemm.ProcessorSeconds;
        double floor = rows * 4 * runtime.Width * runtime.Width / rate, each = all.ProcessorSeconds / queries.Length;
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {queries.Length} | {rows / graph.Entities.Count:f2} | {rate / 1e9:f0} | {floor * 1e3:f3} | {each * 1e3:f3} | "
            + $"{each / floor:f2} | "
            + $"{(first.ProcessorSeconds - all.ProcessorSeconds) / leases.Count * 1e3:f1} | "
            + $"{one.ProcessorSeconds / queries.Length * 1e3:f3} | {alone.Seconds / together.Seconds:f2} |");
        foreach (RelationCache.Lease lease in leases.Values)
        {
            lease.Dispose();
        }

        return line;
    }

    /// <summary>Both queries of a triple.</summary>
    internal static IEnumerable<(IPathNetwork Network, PathQuery Query, int Answer)> BothSides(
        PathRuntime runtime, Dictionary<int, RelationCache.Lease> leases, Triple triple)
    {
        ConditionedRelation relation = leases[triple.Relation].Relation;
        int inverse = triple.Relation + (runtime.Entities.LabelCount / 2);
        yield return (relation.Network, new PathQuery(triple.Head, relation.Vector(triple.Relation, runtime.Width), default), triple.Tail);
        yield return (relation.Network, new PathQuery(triple.Tail, relation.Vector(inverse, runtime.Width), default), triple.Head);
    }

    /// <summary>
    /// How many rows a query changes in all layers and in the readout, whose product is as large as a layer's: the nodes within l hops of
    /// the source in layer l.
    /// </summary>
    private static double RowsToCompute(MessageGraph graph, int source, int layers)
    {
        bool[] isReached = new bool[graph.NodeCount];
        List<int> reached = [source];
        isReached[source] = true;
        double rows = 0;
        for (int layer = 0, next = 0; layer < layers; layer++)
        {
            for (int end = reached.Count; next < end; next++)
            {
                foreach (int neighbor in graph.Senders[(int)graph.Offsets[reached[next]]..(int)graph.Offsets[reached[next] + 1]])
                {
                    if (!isReached[neighbor])
                    {
                        isReached[neighbor] = true;
                        reached.Add(neighbor);
                    }
                }
            }

            rows += reached.Count;
        }

        return rows + reached.Count;
    }

    private static void ForEach(int count, Action<int> work)
    {
        for (int i = 0; i < count; i++)
        {
            work(i);
        }
    }
}
