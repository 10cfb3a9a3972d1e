using TorchSharp;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>The element types of the safetensors format.</summary>
/// <param name="Name">The format's spelling.</param>
/// <param name="Bits">Bits of one element.</param>
/// <param name="ElementType">TorchSharp's type; null where it has none.</param>
internal sealed record SafetensorsType(string Name, int Bits, torch.ScalarType? ElementType)
{
    private static readonly SafetensorsType[] All =
    [
        new("BOOL", 8, torch.ScalarType.Bool), new("U8", 8, torch.ScalarType.Byte), new("I8", 8, torch.ScalarType.Int8),
        new("I16", 16, torch.ScalarType.Int16), new("I32", 32, torch.ScalarType.Int32), new("I64", 64, torch.ScalarType.Int64),
        new("F16", 16, torch.ScalarType.Float16), new("BF16", 16, torch.ScalarType.BFloat16), new("F32", 32, torch.ScalarType.Float32),
        new("F64", 64, torch.ScalarType.Float64), new("C64", 64, torch.ScalarType.ComplexFloat32),
        new("U16", 16, null), new("U32", 32, null), new("U64", 64, null), new("F4", 4, null), new("F6_E2M3", 6, null),
        new("F6_E3M2", 6, null), new("F8_E4M3", 8, null), new("F8_E5M2", 8, null), new("F8_E8M0", 8, null),
    ];

    public static SafetensorsType? Find(string name) => Array.Find(All, type => type.Name == name);

    public static SafetensorsType? Find(torch.ScalarType elementType) => Array.Find(All, type => type.ElementType == elementType);
}
