using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// How many edge states of a step of stage 1 each of several ranks computes, beside those of the whole step, at the defaults on CoDEx-S;
/// states that the mask changes are left out.
/// </summary>
internal sealed class RankStates : IBenchmark
{
    private const int Batches = 20;

    public string Verb => "rank-states";

    public string What => "how many edge states of a step of stage 1 several ranks compute, CoDEx-S";

    /// <summary>Prints a table by number of ranks and of negatives.</summary>
    public void Run()
    {
        TorchRuntime.EnsureLoaded();
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Machine.DataSet("codex-s"));
        var streams = new RandomStreams(42);
        using Generator generator = streams.Generator("relations");
        using var module = new SgmModule(new SgmOptions(), RelationSemantics.Draw(graph.Relations.Count, 256, generator), streams);
        SparseMatrix states = new GraphEdgeStateIndex(graph, module).Refresh(module).StateShares;
        Console.WriteLine("| negatives | ranks | states of a step | states of a rank | share of the step |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (int negatives in new[] { 64, 4, 1 })
        {
            var options = new SgmTrainingOptions { NegativesPerPositive = negatives };
            (Triple[] Positives, Triple[] Negatives)[] steps =
                [.. new TripleBatches(graph, graph.Triples(GraphSplit.Train).ToArray(), options, streams).Epoch(0).Take(Batches)];
            foreach (int size in new[] { 2, 4 })
            {
                double whole = steps.Average(step => Count(states, step.Positives.Concat(step.Negatives)));
                double part = steps.Average(step => Enumerable.Range(0, size).Average(rank =>
                {
                    var share = RowShare.Of(rank, size, step.Positives.Length);
                    return Count(states, step.Positives[share.First..share.End].Concat(
                        step.Negatives[(share.First * negatives)..(share.End * negatives)]));
                }));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {negatives} | {size} | {whole:n0} | {part:n0} | {part / whole:p0} |"));
            }
        }
    }

    private static int Count(SparseMatrix states, IEnumerable<Triple> triples) =>
        triples.SelectMany(triple => new[] { triple.Head, triple.Tail }).Distinct()
            .SelectMany(entity => states.Columns[states.Offsets[entity]..states.Offsets[entity + 1]]).Distinct().Count();
}
