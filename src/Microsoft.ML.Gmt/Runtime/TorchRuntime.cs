using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Loads libtorch once, before the first tensor, in a way that works on the systems named in the README.</summary>
public static class TorchRuntime
{
    private static readonly Lazy<bool> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Makes libtorch usable; returns at once after the first call. Call it before touching TorchSharp yourself.</summary>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        if (OperatingSystem.IsLinux())
        {
            LoadPatchedBinding();
        }

        return TorchSharp.torch.TryInitializeDeviceType(TorchSharp.DeviceType.CPU);
    }

    private static void LoadPatchedBinding()
    {
        string folder = AppContext.BaseDirectory;
        string native = File.Exists(Path.Combine(folder, "libLibTorchSharp.so")) ? folder : Path.Combine(folder, "runtimes", "linux-x64", "native");
        byte[] image = File.ReadAllBytes(Path.Combine(native, "libLibTorchSharp.so"));
        ElfVersionNeeds.MarkWeak(image, "GLIBCXX_3.4.32");
        string patched = Path.Combine(Path.GetTempPath(), $"gmt-{Environment.ProcessId}", "libLibTorchSharp.so");
        Directory.CreateDirectory(Path.GetDirectoryName(patched)!);
        File.WriteAllBytes(patched, image);
        foreach (string library in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
        {
            NativeLibrary.Load(Path.Combine(native, library));
        }

        NativeLibrary.Load(patched);
    }
}
