using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Puts libtorch and TorchSharp's binding into the process. On Linux the binding asks for a newer C++ runtime than Debian 12, Ubuntu 22.04 and
/// RHEL 9 have, by one symbol version that it never uses; there a copy without that requirement is loaded instead.
/// </summary>
internal static class NativeTorch
{
    private const string Binding = "libLibTorchSharp.so";
    private const string UnusedVersion = "GLIBCXX_3.4.32";

    /// <summary>In the order in which they need each other.</summary>
    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    public static bool Load()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("GMT_TORCH_LOADER") == "0")
        {
            return true;
        }

        string folder = FindFolder();
        MklOnAmd.Enable(folder);
        foreach (string library in Libraries)
        {
            LoadLibrary(Path.Combine(folder, library));
        }

        string binding = Path.Combine(folder, Binding);
        if (!NativeLibrary.TryLoad(binding, out _))
        {
            LoadLibrary(WithoutUnusedVersion(binding));
        }

        return true;
    }

    /// <summary>Next to the application, under <c>runtimes</c>, or where the host found native assets.</summary>
    private static string FindFolder()
    {
        string rid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        string[] places =
        [
            .. Environment.GetEnvironmentVariable("GMT_TORCH_DIR") is { Length: > 0 } chosen ? [chosen] : Array.Empty<string>(),
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native"),
            .. ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
        ];
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, Binding)) && File.Exists(Path.Combine(place, Libraries[0])))
            ?? throw new PlatformNotSupportedException(
                $"libtorch was not found in {string.Join(", ", places.Distinct())}. Reference the package libtorch-cpu-{rid} (or TorchSharp-cuda-linux) in the application, "
                + "or set GMT_TORCH_DIR to a folder that has libtorch_cpu.so and libLibTorchSharp.so.");
    }

    private static void LoadLibrary(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw new PlatformNotSupportedException(
                $"'{path}' could not be loaded: {e.Message} It needs a 64-bit Linux with glibc 2.28 and the GCC 12 C++ runtime or newer (Debian 12, Ubuntu 22.04, RHEL 9); "
                + "on Debian and Ubuntu install libstdc++6 and libgomp1.",
                e);
        }
    }

    /// <summary>The path of a copy of the binding without the requirement, kept in the first cache folder that can be written.</summary>
    private static string WithoutUnusedVersion(string binding)
    {
        byte[] image = File.ReadAllBytes(binding);
        string name = Path.Combine(Convert.ToHexStringLower(SHA256.HashData(image))[..16], Binding); // another TorchSharp, another folder
        ElfVersionNeeds.MarkWeak(image, UnusedVersion);
        List<string> refused = [];
        foreach (string cache in CacheFolders())
        {
            string copy = Path.Combine(cache, name);
            try
            {
                if (!IsCopy(copy, image))
                {
                    AtomicFile.Write(copy, stream => stream.Write(image)); // two processes write the same bytes; either rename is right
                }

                return copy;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                refused.Add($"{cache} ({e.Message})");
            }
        }

        throw new PlatformNotSupportedException(
            $"TorchSharp's binding needs {UnusedVersion}, which this system's C++ runtime lacks, and no folder takes a copy without that need: {string.Join("; ", refused)}. "
            + "Set GMT_CACHE to a folder that can be written.");
    }

    private static bool IsCopy(string path, byte[] image) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(image);

    private static IEnumerable<string> CacheFolders()
    {
        if (Environment.GetEnvironmentVariable("GMT_CACHE") is { Length: > 0 } chosen)
        {
            yield return chosen;
        }

        if (Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } data)
        {
            yield return Path.Combine(data, "gmt", "native");
        }

        // A folder of this user's alone: another user's file of that name must never be loaded.
        yield return Path.Combine(Path.GetTempPath(), $"gmt-native-{Environment.UserName}-{Guid.NewGuid():N}");
    }
}
