using TorchSharp;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>An element type as PyTorch's pickles name it, by its storage class.</summary>
internal sealed record TorchStorageType(string Name, torch.ScalarType ElementType, int ElementSize)
{
    private static readonly TorchStorageType[] All =
    [
        new("FloatStorage", torch.ScalarType.Float32, 4), new("DoubleStorage", torch.ScalarType.Float64, 8),
        new("HalfStorage", torch.ScalarType.Float16, 2), new("BFloat16Storage", torch.ScalarType.BFloat16, 2),
        new("LongStorage", torch.ScalarType.Int64, 8), new("IntStorage", torch.ScalarType.Int32, 4),
        new("ShortStorage", torch.ScalarType.Int16, 2), new("CharStorage", torch.ScalarType.Int8, 1),
        new("ByteStorage", torch.ScalarType.Byte, 1), new("BoolStorage", torch.ScalarType.Bool, 1),
        new("ComplexFloatStorage", torch.ScalarType.ComplexFloat32, 8), new("ComplexDoubleStorage", torch.ScalarType.ComplexFloat64, 16),
    ];

    public static TorchStorageType? Find(string name) => Array.Find(All, type => type.Name == name);

    public static TorchStorageType? Find(torch.ScalarType elementType) => Array.Find(All, type => type.ElementType == elementType);
}

/// <summary>A run of elements that tensors view: the pickle names it by key, the file keeps its bytes elsewhere.</summary>
/// <param name="Key">The key that the file gives it.</param>
/// <param name="Type">Its element type.</param>
/// <param name="ElementCount">How many elements the pickle claims; checked against the file before use.</param>
/// <param name="FirstTensor">The name of the first tensor that views it, for messages.</param>
internal sealed record PickledStorage(string Key, TorchStorageType Type, long ElementCount, string? FirstTensor);

/// <summary>A tensor as the pickle describes it: a strided window of a storage. Nothing is allocated for it yet.</summary>
/// <param name="Storage">The storage that it views.</param>
/// <param name="Offset">Its first element, counted in elements from the storage's start.</param>
/// <param name="Sizes">Its shape.</param>
/// <param name="Strides">Steps in elements, one a dimension; 0 where it was expanded.</param>
/// <param name="Name">The nearest name in the pickle, for messages.</param>
/// <param name="FileOffset">Where in the file it is described.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Sizes, long[] Strides, string? Name, long FileOffset)
{
    /// <summary>How many elements it shows; more than the storage holds where dimensions are expanded or overlap.</summary>
    public long ElementCount { get; } = Sizes.Aggregate(1L, static (product, size) => product * size);

    /// <summary>What is wrong with a window of a storage, or null where it lies inside it.</summary>
    public static string? Fault(PickledStorage storage, long offset, long[] sizes, long[] strides)
    {
        const int MostDimensions = 64; // libtorch's own limit
        if (sizes.Length != strides.Length || sizes.Length > MostDimensions)
        {
            return $"{sizes.Length} sizes and {strides.Length} strides are not one each for at most {MostDimensions} dimensions.";
        }

        if (offset < 0 || sizes.Any(long.IsNegative) || strides.Any(long.IsNegative))
        {
            return $"offset {offset}, sizes [{string.Join(", ", sizes)}] and strides [{string.Join(", ", strides)}] must not be negative.";
        }

        Int128 count = 1;
        Int128 last = offset;
        for (int i = 0; i < sizes.Length; i++)
        {
            // Zero sizes are left out of the product: libtorch multiplies the others too.
            count *= Math.Max(1, sizes[i]);
            last += (Int128)Math.Max(0, sizes[i] - 1) * strides[i];
            if (count > long.MaxValue / storage.Type.ElementSize)
            {
                return $"sizes [{string.Join(", ", sizes)}] overflow.";
            }
        }

        bool empty = sizes.Contains(0);
        return (empty ? offset > storage.ElementCount : last >= storage.ElementCount)
            ? $"sizes [{string.Join(", ", sizes)}] with strides [{string.Join(", ", strides)}] from element {offset} "
                + $"reach beyond the {storage.ElementCount} elements of storage '{storage.Key}'."
            : null;
    }
}
