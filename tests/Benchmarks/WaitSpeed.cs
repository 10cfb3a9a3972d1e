using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// Seconds of a fixed amount of work in which libtorch's threads wait for each other often: training steps of stage 1, small and at
/// the reference's size, and decoding token by token. <c>eng/openmp-waits.py</c> runs it under several settings of OpenMP.
/// </summary>
internal sealed class WaitSpeed : IBenchmark
{
    private const int SmallSteps = 60, LargeSteps = 6, Tokens = 300;

    public string Verb => "waits";

    public string What => "work in which threads wait for each other often; see eng/openmp-waits.py";

    public void Run()
    {
        TorchRuntime.EnsureLoaded();
        KnowledgeGraph small = KnowledgeGraphReader.Read(Machine.DataSet("products.csv"));
        KnowledgeGraph large = KnowledgeGraphReader.ReadOpenKe(Machine.DataSet("codex-s"));
        Console.WriteLine("| work | seconds |\n| --- | --- |");
        Print("small steps", Steps(small, width: 64, batch: 32, SmallSteps));
        Print("steps", Steps(large, width: 256, batch: 128, LargeSteps));
        Print("decoding", Decoding());
    }

    private static void Print(string work, double seconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {work} | {seconds:f3} |"));

    private static double Steps(KnowledgeGraph graph, int width, int batch, int steps)
    {
        using DisposeScope scope = NewDisposeScope();
        var streams = new RandomStreams(42);
        using Generator generator = streams.Generator("relations");
        using var module = new SgmModule(
            new SgmOptions { GraphDimension = width }, RelationSemantics.Draw(graph.Relations.Count, width, generator), streams);
        var options = new SgmTrainingOptions { BatchSize = batch };
        using var step = new SgmStep(module, new GraphEdgeStateIndex(graph, module), options, streams);
        var batches = new TripleBatches(graph, graph.Triples(GraphSplit.Train).ToArray(), options, streams);
        (Triple[] Positives, Triple[] Negatives)[] drawn =
            [.. Enumerable.Range(0, int.MaxValue).SelectMany(epoch => batches.Epoch(epoch)).Take(steps + 1)];
        step.Take(drawn[0].Positives, drawn[0].Negatives, 0); // warms up
        long start = Stopwatch.GetTimestamp();
        for (int taken = 1; taken <= steps; taken++)
        {
            step.Take(drawn[taken].Positives, drawn[taken].Negatives, taken);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Decoding()
    {
        using DisposeScope scope = NewDisposeScope();
        using LlamaModel llama = LlamaModel.Load(Machine.Model("tiny-llama"), ScalarType.Float32);
        int[] prompt = [1, 5, 6, 7];
        GreedyDecoder Decoder(int tokens) =>
            new(llama, new GreedyOptions { MaxNewTokens = tokens, StopAtEndOfSequence = false });
        Decoder(8).Generate([prompt]);
        long start = Stopwatch.GetTimestamp();
        Decoder(Tokens).Generate([prompt]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
