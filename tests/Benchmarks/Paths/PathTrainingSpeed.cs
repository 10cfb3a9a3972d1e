using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Paths;

/// <summary>
/// The training kernel of path models: forward and back, gradients of all weights and of the vectors of labels included, on a batch of the
/// default model's own questions, a processor's milliseconds a question. Beside it the matrix products that no way of computing it is
/// without, at the rate of libtorch's products of that shape, and the twin of tensor operations. All run in turn; best of several rounds.
/// </summary>
internal sealed class PathTrainingSpeed : IBenchmark
{
    private const int Rounds = 5, TwinQuestions = 2;

    public string Verb => "path-training";

    public string What => "forward and backward pass of a path model's training, beside its matrix products and tensor operations";

    public void Run()
    {
        TorchRuntime.EnsureLoaded();
        int available = get_num_threads();
        Console.WriteLine(
            "| graph | instructions | products, GFLOP/s | products alone, CPU ms a question | kernel, CPU ms a question "
            + "| kernel / products | tensor operations, CPU ms a question | times faster | two threads, questions a second times |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, KnowledgeGraph graph) in PathGraphs.Read())
        {
            foreach (NativeInstructions instructions in new[] { NativeInstructions.Avx512, NativeInstructions.Avx2 })
            {
                Measure(name, graph, instructions);
            }
        }

        set_num_threads(available);
    }

    private static void Measure(string name, KnowledgeGraph graph, NativeInstructions instructions)
    {
        using DisposeScope scope = NewDisposeScope();
        PathTrainingOptions options = new PathTrainingOptions().Settle(isFineTuning: false, graph.Triples(GraphSplit.Train));
        MessageGraph messages = EntityMessages.Build(graph);
        var all = new PathQueries(graph, messages, [.. graph.Triples(GraphSplit.Train)], options);
        PathTrainingQuery[] questions = all.Epoch(0, 0).First();
        TrainedShape shape = PathTrainer.ShapeOf(options, graph);
        (PathParameters parameters, PathBatch batch) = Numbers(shape, questions);
        int[] inverseLabels = PathOperator.InverseEntityLabels(messages.LabelCount);
        using var kernel = new NativePathGradientKernel(
            messages, inverseLabels, PathOperator.InverseEdges(messages, inverseLabels), instructions);
        using var twin = new TorchPathKernel(messages);
        Tensor gradient = randn(batch.Count, messages.NodeCount);
        var products = new LayerProducts(messages.NodeCount, shape.Width);
        Best gemm = new(), native = new(), tensors = new(), alone = new(), together = new();
        try
        {
            ForwardAndBack(kernel, parameters, batch, gradient);
        }
        catch (ArgumentException)
        {
            Console.Error.WriteLine($"This processor lacks {instructions}; left out.");
            return;
        }

        PathBatch few = batch.Part(0, TwinQuestions);
        Tensor ofFew = gradient.narrow(0, 0, TwinQuestions);
        for (int round = 0; round < Rounds; round++)
        {
            set_num_threads(1);
            gemm.Time(products.Run);
            native.Time(() => ForwardAndBack(kernel, parameters, batch, gradient));
            if (round < 2)
            {
                tensors.Time(() => ForwardAndBack(twin, parameters, few, ofFew));
            }

            alone.Time(() => ForwardAndBack(kernel, parameters, batch, gradient));
            set_num_threads(2);
            together.Time(() => ForwardAndBack(kernel, parameters, batch, gradient));
        }

        double rate = products.Flops / gemm.ProcessorSeconds;
        double floor = Flops(shape, messages, questions) / rate;
        double each = native.ProcessorSeconds / batch.Count, other = tensors.ProcessorSeconds / TwinQuestions;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {instructions} | {rate / 1e9:f0} | {floor * 1e3:f3} | {each * 1e3:f3} | {each / floor:f2} | {other * 1e3:f1} | "
            + $"{other / each:f1} | {alone.Seconds / together.Seconds:f2} |"));
    }

    /// <summary>
    /// One product forward and two back for each row, in the first layer of the rows that a question reaches, beyond it of all, and in the
    /// readout.
    /// </summary>
    private static double Flops(TrainedShape shape, MessageGraph graph, PathTrainingQuery[] questions)
    {
        double reached = questions.Average(query =>
        {
            int first = (int)graph.Offsets[query.Source], end = (int)graph.Offsets[query.Source + 1];
            return graph.Senders[first..end].ToArray().Append(query.Source).Distinct().Count();
        });
        double layers = 4.0 * shape.Width * shape.Width * (reached + ((shape.Layers - 1.0) * graph.NodeCount));
        return 3 * (layers + (2.0 * shape.Width * shape.HiddenWidth * graph.NodeCount));
    }

    private static void ForwardAndBack(IPathGradientKernel kernel, PathParameters parameters, PathBatch batch, Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        _ = kernel.Forward(parameters, batch);
        _ = kernel.Backward(parameters, batch, gradient);
    }

    /// <summary>Weights and vectors of random numbers, and the questions, each with the labels of its own relation.</summary>
    private static (PathParameters Parameters, PathBatch Batch) Numbers(TrainedShape shape, PathTrainingQuery[] questions)
    {
        int width = shape.Width, hidden = shape.HiddenWidth, layers = shape.Layers;
        double scale = 1 / Math.Sqrt(2 * width);
        var parameters = new PathParameters(
            randn(layers, width, 2 * width) * scale, zeros(layers, width), ones(layers, width), zeros(layers, width),
            randn(layers, 3, width), randn(hidden, 2 * width) * scale, zeros(hidden), randn(hidden) * scale, zeros(1));
        int[] asked = [.. questions.Select(query => query.Label).Distinct().Order()];
        return (parameters, new PathBatch(
            [.. questions.Select(query => query.Source)], randn(questions.Length, width),
            randn(asked.Length, layers, 2 * shape.Relations, width) * .5,
            [.. questions.Select(query => Array.BinarySearch(asked, query.Label))], [.. questions.Select(query => query.Removed)]));
    }
}
