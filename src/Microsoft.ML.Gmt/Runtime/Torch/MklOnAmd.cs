using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Lets libtorch's MKL use its fast kernels on AMD processors, where it runs at about 40 % otherwise, by a library of two functions that
/// must be in the process before libtorch. <c>GMT_MKL_AMD=0</c> turns it off: low-order bits of matrix products may differ.
/// </summary>
internal static partial class MklOnAmd
{
    private const int Now = 2;
    private const int Global = 0x100;

    public static void Enable()
    {
        if (Environment.GetEnvironmentVariable("GMT_MKL_AMD") != "0" && IsAmd() && Avx2.IsSupported && NativeFolders.Find("libGmtMkl.so") is { } library)
        {
            _ = Open(library, Now | Global); // where it fails, everything still runs, slower
        }
    }

    private static bool IsAmd()
    {
        if (!X86Base.IsSupported)
        {
            return false;
        }

        (_, int first, int last, int middle) = X86Base.CpuId(0, 0);
        return (first, middle, last) == (0x68747541, 0x69746E65, 0x444D4163); // "Auth" "enti" "cAMD"
    }

    [LibraryImport("libc.so.6", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);
}
