using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Paths;

/// <summary>
/// Queries of a foundation model on benchmark graphs: the scores of all entities, and one triple's logit, beside the matrix products of
/// the rows that a query changes, at the rate that libtorch has for products of that shape. Both run in turn, so that a busy machine slows
/// both; best of several rounds. What queries of a relation share is computed before, and counted apart.
/// </summary>
internal sealed class PathSpeed : IBenchmark
{
    private const int Rounds = 7;

    // Every so many test triples, both sides of each, are the queries of a round.
    private static readonly Dictionary<string, int> Triples = new()
    {
        [PathGraphs.CodexS] = 60,
        [PathGraphs.Fb15k237] = 8,
        [PathGraphs.Wn18rr] = 30,
    };

    public string Verb => "paths";

    public string What => "queries of a path model beside their matrix products alone (goals: 1.6 times; FB15k-237 2.8 times)";

    public void Run() => FoundationQueries.OnOneThread(Measure);

    private static void Measure(FoundationModel model)
    {
        Console.WriteLine(
            "| graph | queries | rows of 7 to compute | products, GFLOP/s | products alone, CPU ms a query | "
            + "all entities, CPU ms a query | all / products | a relation's first query more, CPU ms | "
            + "one logit, CPU ms | two threads, queries a second times |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, KnowledgeGraph graph) in PathGraphs.Read())
        {
            Console.WriteLine(Measure(name, model, graph));
        }
    }

    private static string Measure(string name, FoundationModel model, KnowledgeGraph graph)
    {
        using DisposeScope scope = NewDisposeScope();
        using var queries = new FoundationQueries(model, graph, Triples[name]);
        float[][] scores = [.. Enumerable.Range(0, queries.Count).Select(_ => new float[graph.Entities.Count])];
        void All(int i) => queries.ScoreAll(i, scores[i]);

        var products = new LayerProducts(graph.Entities.Count, queries.Width);
        double rows = queries.Sources.Average(source => RowsToCompute(queries.Entities, source, model.EntityLayers.Count));
        Best first = new(), gemm = new(), all = new(), one = new(), alone = new(), together = new();
        first.Time(() => ForEach(queries.Count, All));
        for (int round = 0; round < Rounds; round++)
        {
            gemm.Time(products.Run);
            all.Time(() => ForEach(queries.Count, All));
            one.Time(() => ForEach(queries.Count, queries.Score));
            alone.Time(() => ForEach(queries.Count, All));
            together.Time(() => Parallel.For(0, queries.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, All));
        }

        double rate = products.Flops / gemm.ProcessorSeconds;
        double floor = rows * 4 * queries.Width * queries.Width / rate, each = all.ProcessorSeconds / queries.Count;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {queries.Count} | {rows / graph.Entities.Count:f2} | {rate / 1e9:f0} | {floor * 1e3:f3} | {each * 1e3:f3} | "
            + $"{each / floor:f2} | "
            + $"{(first.ProcessorSeconds - all.ProcessorSeconds) / queries.RelationCount * 1e3:f1} | "
            + $"{one.ProcessorSeconds / queries.Count * 1e3:f3} | {alone.Seconds / together.Seconds:f2} |");
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
