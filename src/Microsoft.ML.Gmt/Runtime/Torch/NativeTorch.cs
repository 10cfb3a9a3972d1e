using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Puts libtorch and TorchSharp's binding into the process, on Linux; elsewhere TorchSharp's own loading does. Mentions no type of
/// TorchSharp, for it runs before those may be touched.
/// </summary>
internal static class NativeTorch
{
    private const string Binding = "libLibTorchSharp.so";

    /// <summary>In the order in which they need each other.</summary>
    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>Does it; the result carries no meaning.</summary>
    /// <exception cref="PlatformNotSupportedException">A library is missing or cannot be loaded; the message says what to do.</exception>
    public static bool Load()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("GMT_TORCH_LOADER") == "0")
        {
            return true;
        }

        MklOnAmd.Enable();
        foreach (string library in Libraries)
        {
            string path = Find(library);
            try
            {
                NativeLibrary.Load(path);
            }
            catch (DllNotFoundException e)
            {
                throw CannotLoad(path, e);
            }
        }

        string binding = Find(Binding);
        try
        {
            NativeLibrary.Load(binding);
        }
        catch (DllNotFoundException e)
        {
            if (!PortableBinding.TryLoad(binding))
            {
                throw CannotLoad(binding, e);
            }
        }

        return true;
    }

    /// <summary>
    /// In the folder that the user names, else where native libraries lie. The binding may be apart from a libtorch of one's own.
    /// </summary>
    private static string Find(string library)
    {
        string? chosen = Environment.GetEnvironmentVariable("GMT_TORCH_DIR") is { Length: > 0 } folder ? folder : null;
        if (chosen is not null && Path.Combine(Path.GetFullPath(chosen), library) is var path && (File.Exists(path) || library != Binding))
        {
            return File.Exists(path)
                ? path
                : throw new PlatformNotSupportedException(
                    $"GMT_TORCH_DIR is '{chosen}', but there is no {library}. Name the folder that holds libtorch's libraries, or unset it.");
        }

        return NativeFolders.Find(library) ?? throw new PlatformNotSupportedException(
            $"{library} was not found in {string.Join(", ", NativeFolders.All)}. Reference the package libtorch-cpu-{NativeFolders.Rid} (or TorchSharp-cuda-linux) in the "
            + $"application's project, or set GMT_TORCH_DIR to a folder that has libtorch's libraries.");
    }

    private static PlatformNotSupportedException CannotLoad(string path, DllNotFoundException reason) => new(
        $"'{path}' could not be loaded. libtorch needs a 64-bit Linux with glibc 2.28 and the C++ runtime of GCC 12, or newer (Debian 12, Ubuntu 22.04, RHEL 9), "
        + $"not Alpine; on Debian and Ubuntu: apt-get install libstdc++6. The system said: {reason.Message}",
        reason);
}
