using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Lets libtorch's MKL use its fast kernels on AMD processors, where it runs at about 40 % otherwise, by a library of two functions that must be
/// in the process before libtorch. <c>GMT_MKL_AMD=0</c> turns it off: low-order bits of matrix products may differ.
/// </summary>
internal static partial class MklOnAmd
{
    private const int Now = 2;
    private const int Global = 0x100;

    public static void Enable(string torchFolder)
    {
        if (Environment.GetEnvironmentVariable("GMT_MKL_AMD") == "0" || !IsAmd())
        {
            return;
        }

        string[] places = [AppContext.BaseDirectory, torchFolder, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native")];
        if (places.Select(place => Path.Combine(place, "libGmtMkl.so")).FirstOrDefault(File.Exists) is { } library)
        {
            _ = Open(library, Now | Global);
        }
    }

    private static bool IsAmd()
    {
        if (!System.Runtime.Intrinsics.X86.X86Base.IsSupported)
        {
            return false;
        }

        (_, int vendor, _, _) = System.Runtime.Intrinsics.X86.X86Base.CpuId(0, 0);
        return vendor == 0x68747541; // "Auth" of "AuthenticAMD"
    }

    [LibraryImport("libc.so.6", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);
}
