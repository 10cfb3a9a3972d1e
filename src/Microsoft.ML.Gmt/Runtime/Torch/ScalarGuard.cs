using System.Reflection;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Keeps native scalars that TorchSharp's finalizers free until libtorch has surely read them, by a library that stands before TorchSharp's
/// binding: TorchSharp 0.107 does not keep the managed object of a scalar alive during a call, so a garbage collection at that moment gives
/// a wrong number or "Unknown scalar type". On Linux; where the library was not built, the risk remains.
/// </summary>
internal static class ScalarGuard
{
    private const string Binding = "LibTorchSharp";
    private const string Library = "libGmtScalars.so";

    /// <summary>Has TorchSharp's calls go through the library. The binding must be loaded.</summary>
    /// <param name="torchSharp">TorchSharp's assembly, before its first native call.</param>
    public static void Attach(Assembly torchSharp)
    {
        if (!OperatingSystem.IsLinux() || NativeFolders.Find(Library) is not { } path || !NativeLibrary.TryLoad(path, out nint library))
        {
            return;
        }

        try
        {
            NativeLibrary.SetDllImportResolver(torchSharp, (name, _, _) => name == Binding ? library : 0);
        }
        catch (InvalidOperationException)
        {
            // The application has a resolver of its own for TorchSharp, which stays.
        }
    }
}
