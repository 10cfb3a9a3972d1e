using System.Collections.ObjectModel;
using TorchSharp;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>What a weight file says of one tensor, known without reading the tensor.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="StorageType">The element type as the file spells it, for example <c>BF16</c> or <c>FloatStorage</c>.</param>
/// <param name="ElementType">The same as a TorchSharp type; null where TorchSharp has none (unsigned 16–64 bit integers, 8-bit
/// floats).</param>
/// <param name="Shape">The sizes, outermost first; empty for a scalar.</param>
/// <param name="Offset">Where the tensor's bytes begin in its file.</param>
/// <param name="ByteCount">How many bytes it has there.</param>
internal sealed record StoredTensor(
    string Name, string StorageType, torch.ScalarType? ElementType, ReadOnlyCollection<long> Shape, long Offset, long ByteCount)
{
    /// <summary>How many elements the tensor has.</summary>
    public long ElementCount => Shape.Aggregate(1L, static (product, size) => product * size);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {StorageType} [{string.Join(", ", Shape)}]";
}
