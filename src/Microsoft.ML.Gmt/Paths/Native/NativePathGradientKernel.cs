using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Runs path networks forward and back by the native kernel, one query a thread. fp32 on the CPU.</summary>
/// <param name="graph">The graph.</param>
/// <param name="inverseLabels">The label of the edges the other way, for each label.</param>
/// <param name="inverseEdges">The edge the other way, for each edge.</param>
/// <param name="instructions">What its loops use.</param>
internal sealed unsafe class NativePathGradientKernel(
    MessageGraph graph, int[] inverseLabels, int[] inverseEdges, NativeInstructions instructions) : IPathGradientKernel
{
    private readonly NativePathGraph _graph = new(graph.LabelCount, graph.Offsets, graph.Senders, graph.Labels);

    private delegate void Call(in NativePathBatch batch);

    /// <summary>Whether it takes a network of this type and size.</summary>
    public static bool Takes(PathParameters parameters) =>
        parameters.Linear.dtype == ScalarType.Float32 && parameters.LayerCount is >= 1 and <= NativePathKernel.MostLayers
        && parameters.Width > 0 && NativePathKernel.Fits(parameters.Width) && NativePathKernel.Fits(parameters.HiddenWidth);

    /// <inheritdoc/>
    public Tensor Forward(PathParameters parameters, PathBatch batch)
    {
        using var scope = NewDisposeScope();
        long[] shape = parameters.Hidden is null
            ? [batch.Count, graph.NodeCount, parameters.Width] : [batch.Count, graph.NodeCount];
        Tensor results = empty(shape, ScalarType.Float32, CPU);
        float* room = First(results);
        Run(parameters, batch, (in NativePathBatch native) => NativeKernels.RunPathBatch(_graph, native, get_num_threads(), room));
        return results.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Backward(PathParameters parameters, PathBatch batch, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        Tensor[] found = [.. parameters.Present().Append(batch.Vectors).Append(batch.Labels).Select(
            tensor => empty(tensor.shape, ScalarType.Float32, CPU))];
        PathParameters of = parameters.With(found);
        var room = new NativePathGradients
        {
            Linear = First(of.Linear),
            Bias = First(of.Bias),
            NormScale = First(of.NormScale),
            NormShift = First(of.NormShift),
            DegreeScale = First(of.DegreeScale),
            Hidden = First(of.Hidden),
            HiddenBias = First(of.HiddenBias),
            Output = First(of.Output),
            OutputBias = First(of.OutputBias),
            Vectors = First(found[^2]),
            LabelVectors = First(found[^1]),
        };
        float* given = First(gradient.contiguous());
        Run(parameters, batch, (in NativePathBatch native) =>
            NativeKernels.RunPathBatchBack(_graph, native, get_num_threads(), given, room));
        return [.. found.Select(tensor => tensor.MoveToOuterDisposeScope())];
    }

    /// <summary>Frees the graph.</summary>
    public void Dispose() => _graph.Dispose();

    private static float* First(Tensor? contiguous)
    {
        if (contiguous is null || contiguous.numel() == 0)
        {
            return null;
        }

        fixed (byte* first = contiguous.bytes)
        {
            return (float*)first;
        }
    }

    private void Run(PathParameters parameters, PathBatch batch, Call call)
    {
        using IDisposable inference = no_grad();
        PathParameters by = parameters.With([.. parameters.Present().Select(tensor => tensor.contiguous())]);
        Tensor vectors = batch.Vectors.contiguous(), labels = batch.Labels.contiguous();
        long[] offsets = new long[batch.Count + 1];
        for (int query = 0; query < batch.Count; query++)
        {
            offsets[query + 1] = offsets[query] + batch.Removed[query].Length;
        }

        int[] removed = [.. batch.Removed.SelectMany(edges => edges)];
        call(new NativePathBatch
        {
            Instructions = instructions,
            Width = by.Width,
            LayerCount = by.LayerCount,
            HiddenWidth = by.HiddenWidth,
            Epsilon = PathLayer.Epsilon,
            OutputBias = by.OutputBias?.item<float>() ?? 0,
            Linear = First(by.Linear),
            Bias = First(by.Bias),
            NormScale = First(by.NormScale),
            NormShift = First(by.NormShift),
            DegreeScale = First(by.DegreeScale),
            Hidden = First(by.Hidden),
            HiddenBias = First(by.HiddenBias),
            Output = First(by.Output),
            Vectors = First(vectors),
            LabelVectors = First(labels),
            GroupCount = (int)labels.size(0),
            Sources = batch.Sources,
            Groups = batch.Groups,
            InverseLabels = inverseLabels,
            RemovedOffsets = offsets,
            Removed = removed,
            RemovedInverses = Array.ConvertAll(removed, edge => inverseEdges[edge]),
        });
    }
}
