using Microsoft.ML.Gmt.Paths;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>A random graph with a network and queries to differentiate; every second query goes without some edges.</summary>
internal sealed record PathTrial(MessageGraph Graph, int[] Inverse, PathParameters Parameters, PathBatch Batch)
{
    private const int Labels = 6, Groups = 2;

    /// <summary>One label vector set, one query, as the scoring kernels take them.</summary>
    public PathReadout Readout => new(
        Numbers(Parameters.Hidden!), Numbers(Parameters.HiddenBias!), Numbers(Parameters.Output!), Parameters.OutputBias!.item<float>());

    public static PathTrial Random(
        int seed, int nodes, int pairs, bool hasDegrees, int width = 16, int hidden = 32, int layers = 3, int queries = 5)
    {
        var random = new Random(seed);
        MessageGraph graph = MessageGraph.Build(nodes, Labels, PathNetworks.Edges(random, nodes, Labels, pairs));
        double scale = 1 / Math.Sqrt(width);
        var parameters = new PathParameters(
            Tensor(scale, layers, width, 2 * width), Tensor(.3, layers, width), Tensor(1, layers, width), Tensor(.5, layers, width),
            hasDegrees ? Tensor(1, layers, 3, width) : null, Tensor(scale, hidden, 2 * width), Tensor(.3, hidden), Tensor(1, hidden),
            Tensor(1, 1));
        int[][] removed =
        [
            .. Enumerable.Range(0, queries).Select(query => query % 2 == 0 ? []
                : Enumerable.Range(0, graph.EdgeCount).Where(_ => random.Next(5) == 0).ToArray()),
        ];
        var batch = new PathBatch(
            [.. removed.Select(_ => random.Next(nodes))], Tensor(1, queries, width), Tensor(1, Groups, layers, Labels, width),
            [.. removed.Select(_ => random.Next(Groups))], removed);
        return new PathTrial(graph, PathOperator.InverseEntityLabels(Labels), parameters, batch);

        Tensor Tensor(double scale, params long[] shape) =>
            tensor(PathNetworks.Numbers(random, (int)shape.Aggregate((a, b) => a * b), scale)).view(shape);
    }

    /// <summary>The same numbers of another type.</summary>
    public PathTrial In(ScalarType dtype) => this with
    {
        Parameters = Parameters.With([.. Parameters.Present().Select(tensor => tensor.to(dtype))]),
        Batch = Batch with { Vectors = Batch.Vectors.to(dtype), Labels = Batch.Labels.to(dtype) },
    };

    public PathLayer[] LayersOf(int query) =>
    [
        .. Enumerable.Range(0, Parameters.LayerCount).Select(layer => new PathLayer(
            Numbers(Batch.Labels[Batch.Groups[query], layer]), Numbers(Parameters.Linear[layer]), Numbers(Parameters.Bias[layer]),
            Numbers(Parameters.NormScale[layer]), Numbers(Parameters.NormShift[layer]))),
    ];

    public PathQuery Query(int query) => new(Batch.Sources[query], Numbers(Batch.Vectors[query]), Batch.Removed[query]);

    private static float[] Numbers(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
