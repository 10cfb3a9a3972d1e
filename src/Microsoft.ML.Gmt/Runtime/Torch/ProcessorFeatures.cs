using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>What this computer's processor can do that .NET does not tell.</summary>
internal static class ProcessorFeatures
{
    /// <summary>
    /// Whether it multiplies matrices of bf16 by instructions of its own: AVX512_BF16 or AMX-BF16, which libtorch's kernels use. Where it
    /// does not, they convert every number on the way and take several times as long as in fp32.
    /// </summary>
    public static bool HasBFloat16 { get; } = FindBFloat16();

    private static bool FindBFloat16()
    {
        const int ExtendedFeatures = 7, Avx512BFloat16 = 1 << 5, AmxBFloat16 = 1 << 22;
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < ExtendedFeatures
            || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return false;
        }

        bool inVectors = (X86Base.CpuId(ExtendedFeatures, 1).Eax & Avx512BFloat16) != 0;
        bool inTiles = (X86Base.CpuId(ExtendedFeatures, 0).Edx & AmxBFloat16) != 0;
        return inVectors || inTiles;
    }
}
