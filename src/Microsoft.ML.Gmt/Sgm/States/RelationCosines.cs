using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The order of many relations: cosines are computed for the pairs that are asked for. Memory: the relations' vectors.</summary>
internal sealed class RelationCosines : RelationOrder
{
    private readonly int _width;
    private readonly float[] _normalized; // [relations, d]

    private RelationCosines(int width, float[] normalized) => (_width, _normalized) = (width, normalized);

    /// <summary>Keeps the vectors at length 1.</summary>
    /// <exception cref="NotSupportedException">There are more relations than one array can hold the vectors of.</exception>
    public static new RelationCosines Of(Tensor vectors)
    {
        (long count, long width) = (vectors.size(0), vectors.size(1));
        if (count * width > Array.MaxLength)
        {
            throw new NotSupportedException(
                $"{count:N0} relations are too many: at a width of {width} at most {Array.MaxLength / width:N0} can be told apart "
                + "by similarity, inverse ones included. Take a smaller GraphDimension, or join relations that mean the same.");
        }

        using var scope = NewDisposeScope();
        using (no_grad())
        {
            Tensor normalized = nn.functional.normalize(vectors.detach(), dim: -1).to(ScalarType.Float32).cpu().contiguous();
            return new RelationCosines((int)width, normalized.data<float>().ToArray());
        }
    }

    /// <inheritdoc/>
    public override void Keys(int relation, ReadOnlySpan<int> others, Span<float> keys)
    {
        ReadOnlySpan<float> own = Vector(relation);
        for (int i = 0; i < others.Length; i++)
        {
            keys[i] = -TensorPrimitives.Dot(own, Vector(others[i]));
        }
    }

    /// <summary>
    /// Whether all vectors are the same: others may be in the same order too, which would cost as much to find out as to use.
    /// </summary>
    public override bool IsSameAs(RelationOrder other) =>
        other is RelationCosines cosines && _width == cosines._width && _normalized.AsSpan().SequenceEqual(cosines._normalized);

    private ReadOnlySpan<float> Vector(int relation) => _normalized.AsSpan(relation * _width, _width);
}
