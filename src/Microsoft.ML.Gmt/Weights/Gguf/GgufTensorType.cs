using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>An element type of ggml: so many elements share a block of so many bytes.</summary>
/// <param name="Name">Its name in ggml.</param>
/// <param name="BlockSize">Elements of a block.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
/// <param name="ElementType">The same type in PyTorch, or null where there is none.</param>
internal sealed record GgufTensorType(string Name, int BlockSize, int BlockBytes, ScalarType? ElementType = null)
{
    private static readonly Dictionary<uint, GgufTensorType> All = new()
    {
        [0] = new("F32", 1, 4, ScalarType.Float32),
        [1] = new("F16", 1, 2, ScalarType.Float16),
        [2] = new("Q4_0", 32, 18),
        [3] = new("Q4_1", 32, 20),
        [6] = new("Q5_0", 32, 22),
        [7] = new("Q5_1", 32, 24),
        [8] = new("Q8_0", 32, 34),
        [9] = new("Q8_1", 32, 36),
        [10] = new("Q2_K", 256, 84),
        [11] = new("Q3_K", 256, 110),
        [12] = new("Q4_K", 256, 144),
        [13] = new("Q5_K", 256, 176),
        [14] = new("Q6_K", 256, 210),
        [15] = new("Q8_K", 256, 292),
        [16] = new("IQ2_XXS", 256, 66),
        [17] = new("IQ2_XS", 256, 74),
        [18] = new("IQ3_XXS", 256, 98),
        [19] = new("IQ1_S", 256, 50),
        [20] = new("IQ4_NL", 32, 18),
        [21] = new("IQ3_S", 256, 110),
        [22] = new("IQ2_S", 256, 82),
        [23] = new("IQ4_XS", 256, 136),
        [24] = new("I8", 1, 1, ScalarType.Int8),
        [25] = new("I16", 1, 2, ScalarType.Int16),
        [26] = new("I32", 1, 4, ScalarType.Int32),
        [27] = new("I64", 1, 8, ScalarType.Int64),
        [28] = new("F64", 1, 8, ScalarType.Float64),
        [29] = new("IQ1_M", 256, 56),
        [30] = new("BF16", 1, 2, ScalarType.BFloat16),
    };

    /// <summary>How many elements share a block of a type, by its name.</summary>
    public static int BlockOf(string name) => All.Values.First(type => type.Name == name).BlockSize;

    /// <summary>The type of a number of the format, or null.</summary>
    public static GgufTensorType? Find(uint number) => All.GetValueOrDefault(number);
}
