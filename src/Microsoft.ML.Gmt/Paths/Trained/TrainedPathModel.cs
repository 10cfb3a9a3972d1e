using System.Numerics.Tensors;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// A path model that was trained on one graph (a light NBFNet, Zhu et al. 2021, arXiv 2106.06935): it has vectors for the relations and
/// none for entities. A query over label r starts as q[r], and w[k] = R[k] + A[k] q[r] is the vector of label k in it. Immutable.
/// </summary>
internal sealed class TrainedPathModel : PathModel
{
    private readonly PathTensors _tensors;

    private TrainedPathModel(PathTensors tensors, TrainedShape shape, PathModelOrigin origin) : base(origin)
    {
        (_tensors, Shape) = (tensors, shape);
        Readout = new PathReadout(
            Values(TrainedModule.Hidden), Values(TrainedModule.HiddenBias), Values(TrainedModule.Output),
            Values(TrainedModule.OutputBias)[0]);
    }

    /// <summary>Widths, layers and relations.</summary>
    public TrainedShape Shape { get; }

    /// <inheritdoc/>
    public override int Width => Shape.Width;

    /// <inheritdoc/>
    public override int LayerCount => Shape.Layers;

    /// <inheritdoc/>
    public override PathReadout Readout { get; }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, PathTensor>> Tensors => _tensors.All;

    /// <summary>Makes a model of its weights.</summary>
    /// <param name="tensors">The weights by name.</param>
    /// <param name="shape">Their sizes.</param>
    /// <param name="origin">Where they come from.</param>
    /// <exception cref="WeightFileException">A weight is missing or has another shape.</exception>
    public static TrainedPathModel Of(PathTensors tensors, TrainedShape shape, PathModelOrigin origin)
    {
        foreach ((string name, long[] expected) in shape.Parts())
        {
            if (!tensors.All.TryGetValue(name, out PathTensor? tensor) || !tensor.Shape.Select(size => (long)size).SequenceEqual(expected))
            {
                throw new WeightFileException(
                    tensors.Source,
                    tensor is null ? "the tensor is missing."
                        : $"its shape is [{string.Join(", ", tensor.Shape)}], where [{string.Join(", ", expected)}] is expected.", name);
            }
        }

        return new TrainedPathModel(tensors, shape, origin);
    }

    /// <summary>Each direction of a relation has a vector of its own.</summary>
    public override int KeyOf(int label, int relations) => label;

    /// <inheritdoc/>
    public override IPathConditions Over(MessageGraph entities) => entities.LabelCount == 2 * Shape.Relations
        ? new Conditions(this)
        : throw new ArgumentException(
            $"The model was trained for {Shape.Relations} relations, the graph has {entities.LabelCount / 2}.", nameof(entities));

    private float[] Values(string name) => _tensors[name].Values;

    private float[] Part(string name, int layer)
    {
        float[] all = Values(name);
        int count = all.Length / Shape.Layers;
        return all[(layer * count)..((layer + 1) * count)];
    }

    private PathLayer Layer(int layer, ReadOnlySpan<float> query)
    {
        float[] labels = Part(TrainedModule.LabelStart, layer), ofQuery = Part(TrainedModule.LabelOfQuery, layer);
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] += TensorPrimitives.Dot(ofQuery.AsSpan(row * Width, Width), query);
        }

        return new PathLayer(
            labels, Part(TrainedModule.Linear, layer), Part(TrainedModule.Bias, layer), Part(TrainedModule.NormScale, layer),
            Part(TrainedModule.NormShift, layer), Part(TrainedModule.DegreeScale, layer));
    }

    private sealed class Conditions(TrainedPathModel model) : IPathConditions
    {
        public (float[] Vectors, PathLayer[] Layers) Of(int key)
        {
            float[] queries = model.Values(TrainedModule.Queries);
            int width = model.Width;
            return (queries, [.. Enumerable.Range(0, model.LayerCount).Select(
                layer => model.Layer(layer, queries.AsSpan(key * width, width)))]);
        }

        public void Dispose()
        {
        }
    }
}
