using X86 = System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Which instructions the loops of native kernels use: gmt_instructions.</summary>
internal sealed class NativeInstructions
{
    private readonly string _name;

    private NativeInstructions(string name, int code) => (_name, Code) = (name, code);

    /// <summary>Those that every processor has.</summary>
    public static NativeInstructions Portable { get; } = new("portable", 1);

    /// <summary>AVX2 and FMA.</summary>
    public static NativeInstructions Avx2 { get; } = new("AVX2", 2);

    /// <summary>AVX-512.</summary>
    public static NativeInstructions Avx512 { get; } = new("AVX-512", 3);

    /// <summary>
    /// The best that .NET uses as well: its switches <c>DOTNET_EnableAVX512=0</c> and <c>DOTNET_EnableAVX2=0</c> are for both. Where it
    /// leaves none out, neither does the library, which then looks itself for what the processor has.
    /// </summary>
    public static NativeInstructions Best { get; } =
        X86.Avx512F.IsSupported ? new("best", 0) : X86.Avx2.IsSupported && X86.Fma.IsSupported ? Avx2 : Portable;

    /// <summary>Their number in <c>gmt.h</c>.</summary>
    public int Code { get; }

    /// <inheritdoc/>
    public override string ToString() => _name;
}
