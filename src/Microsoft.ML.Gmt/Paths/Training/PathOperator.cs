using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// A path network over one graph, differentiable in all its weights, in the vectors of labels and in the queries' start vectors: what path
/// models are trained by. fp32 on the CPU (and fp64, by the twin alone).
/// </summary>
/// <remarks>Results do not depend on the number of threads. It stays in use until the backward pass of its last result has run.</remarks>
internal sealed class PathOperator : IDisposable
{
    private readonly MessageGraph _graph;
    private readonly TorchPathKernel _twin;
    private readonly NativePathGradientKernel? _native;

    /// <param name="graph">The graph.</param>
    /// <param name="inverseLabels">
    /// For each label that of the edges the other way: for each edge (v from u over k) there is one (u from v over the inverse of k), as
    /// often.
    /// </param>
    /// <param name="instructions">What the native kernel's loops use; null for the best.</param>
    /// <exception cref="ArgumentException">An edge has no inverse.</exception>
    public PathOperator(MessageGraph graph, int[] inverseLabels, NativeInstructions? instructions = null)
    {
        int[] inverseEdges = InverseEdges(graph, inverseLabels);
        (_graph, _twin) = (graph, new TorchPathKernel(graph));
        _native = NativePathKernel.Takes(graph)
            ? new(graph, inverseLabels, inverseEdges, instructions ?? NativeInstructions.Best) : null;
    }

    /// <summary>The inverse of the labels of <see cref="EntityMessages"/>: k ↔ k ± R.</summary>
    public static int[] InverseEntityLabels(int labelCount) =>
        [.. Enumerable.Range(0, labelCount).Select(label => (label + (labelCount / 2)) % labelCount)];

    /// <summary>The inverse of the labels of <see cref="RelationGraph"/>.</summary>
    public static int[] InverseRelationLabels() => [0, 1, 3, 2];

    /// <summary>The scores of all nodes: [B, N].</summary>
    /// <param name="parameters">The weights, with a readout.</param>
    /// <param name="batch">The queries.</param>
    /// <exception cref="ArgumentException">A shape, a dtype or an index does not fit.</exception>
    public Tensor Scores(PathParameters parameters, PathBatch batch)
    {
        if (parameters.Hidden is null || parameters.HiddenBias is null || parameters.Output is null || parameters.OutputBias is null)
        {
            throw new ArgumentException("The parameters have no whole readout, so they score nothing.", nameof(parameters));
        }

        return Run(parameters, batch);
    }

    /// <summary>The states after the last layer: [B, N, d]. The readout counts for nothing.</summary>
    /// <inheritdoc cref="Scores"/>
    public Tensor States(PathParameters parameters, PathBatch batch) => Run(parameters.WithoutReadout(), batch);

    /// <summary>Frees the kernels.</summary>
    public void Dispose()
    {
        _native?.Dispose();
        _twin.Dispose();
    }

    // For each edge the one the other way, of copies each its own.
    internal static int[] InverseEdges(MessageGraph graph, int[] inverseLabels)
    {
        if (inverseLabels.Length != graph.LabelCount)
        {
            throw new ArgumentException(
                $"{inverseLabels.Length} inverses are given for {graph.LabelCount} labels.", nameof(inverseLabels));
        }

        int[] inverse = new int[graph.EdgeCount];
        for (int node = 0; node < graph.NodeCount; node++)
        {
            for (int edge = (int)graph.Offsets[node]; edge < graph.Offsets[node + 1]; edge++)
            {
                (int sender, int label) = (graph.Senders[edge], graph.Labels[edge]);
                Range own = graph.Find(new MessageEdge(node, sender, label));
                Range other = graph.Find(new MessageEdge(sender, node, inverseLabels[label]));
                if (own.End.Value - own.Start.Value != other.End.Value - other.Start.Value)
                {
                    throw new ArgumentException(
                        $"Node {node} receives from {sender} over label {label}, and not as often the other way over "
                        + $"{inverseLabels[label]}.", nameof(inverseLabels));
                }

                inverse[edge] = other.Start.Value + (edge - own.Start.Value);
            }
        }

        return inverse;
    }

    private Tensor Run(PathParameters parameters, PathBatch batch)
    {
        PathArguments.Check(_graph, parameters, batch);
        bool isNative = _native is not null && NativePathGradientKernel.Takes(parameters);
        return PathFunction.Run(isNative ? _native! : _twin, parameters, batch);
    }
}
