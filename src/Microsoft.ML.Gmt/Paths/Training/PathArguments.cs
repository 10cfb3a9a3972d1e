using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Checks what a <see cref="PathOperator"/> is given, before anything is computed.</summary>
internal static class PathArguments
{
    /// <summary>Checks shapes, dtypes and indices.</summary>
    /// <exception cref="ArgumentException">One does not fit.</exception>
    public static void Check(MessageGraph graph, PathParameters parameters, PathBatch batch)
    {
        long layers = parameters.Linear.size(0), width = parameters.Linear.size(1), hidden = parameters.HiddenWidth;
        ScalarType dtype = parameters.Linear.dtype;
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"The weights are {dtype}; Float32 and Float64 are supported.", nameof(parameters));
        }

        Shape(parameters.Linear, nameof(parameters.Linear), layers, width, 2 * width);
        Shape(parameters.Bias, nameof(parameters.Bias), layers, width);
        Shape(parameters.NormScale, nameof(parameters.NormScale), layers, width);
        Shape(parameters.NormShift, nameof(parameters.NormShift), layers, width);
        Shape(parameters.DegreeScale, nameof(parameters.DegreeScale), layers, 3, width);
        Shape(parameters.Hidden, nameof(parameters.Hidden), hidden, 2 * width);
        Shape(parameters.HiddenBias, nameof(parameters.HiddenBias), hidden);
        Shape(parameters.Output, nameof(parameters.Output), hidden);
        Shape(parameters.OutputBias, nameof(parameters.OutputBias), 1);
        Shape(batch.Vectors, nameof(batch.Vectors), batch.Count, width);
        Shape(batch.Labels, nameof(batch.Labels), batch.Labels.size(0), layers, graph.LabelCount, width);
        if (batch.Count == 0 || batch.Groups.Length != batch.Count || batch.Removed.Length != batch.Count)
        {
            throw new ArgumentException(
                $"{batch.Count} sources, {batch.Groups.Length} groups and {batch.Removed.Length} lists of removed edges do not make a "
                + "batch.", nameof(batch));
        }

        Below(batch.Sources, graph.NodeCount, "node");
        Below(batch.Groups, batch.Labels.size(0), "group of labels");
        foreach (int[] removed in batch.Removed)
        {
            Below(removed, graph.EdgeCount, "edge");
            if (removed.Length > 1 && removed.Distinct().Count() < removed.Length)
            {
                throw new ArgumentException("A query removes an edge twice.", nameof(batch));
            }
        }

        void Shape(Tensor? tensor, string name, params long[] shape)
        {
            if (tensor is not null
                && (!tensor.shape.SequenceEqual(shape) || tensor.dtype != dtype || tensor.device_type != DeviceType.CPU))
            {
                throw new ArgumentException(
                    $"{name} is {tensor.dtype} [{string.Join(", ", tensor.shape)}] on {tensor.device}, where {dtype} "
                    + $"[{string.Join(", ", shape)}] on the CPU is expected.", nameof(parameters));
            }
        }
    }

    private static void Below(int[] indices, long limit, string what)
    {
        foreach (int index in indices)
        {
            if (index < 0 || index >= limit)
            {
                throw new ArgumentException($"There is no {what} {index}: there are {limit}.");
            }
        }
    }
}
