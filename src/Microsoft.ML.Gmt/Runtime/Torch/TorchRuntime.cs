using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Loads libtorch once, before the first tensor, in a way that works on the systems named in the README. It happens by itself as soon as
/// TorchSharp is touched after this assembly; <see cref="EnsureLoaded"/> does it at a moment of your choice.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lazy<bool> Loaded = new(NativeTorch.Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Makes libtorch usable; returns at once after the first call.</summary>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot be loaded here; the message says what to install.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>Costs nothing until TorchSharp is loaded, which the first method that mentions it causes, before any tensor.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The binding must be in place before TorchSharp's static constructor, wherever that is first reached from.")]
    internal static void LoadWithTorchSharp()
    {
        AppDomain.CurrentDomain.AssemblyLoad += static (_, loaded) => LoadFor(loaded.LoadedAssembly);
        foreach (Assembly earlier in AppDomain.CurrentDomain.GetAssemblies())
        {
            LoadFor(earlier); // loaded, but perhaps not used yet: types of the application that mention tensors come before us
        }
    }

    private static void LoadFor(Assembly assembly)
    {
        if (assembly.GetName().Name != "TorchSharp")
        {
            return;
        }

        try
        {
            EnsureLoaded();
            ScalarGuard.Attach(assembly);
        }
        catch (PlatformNotSupportedException)
        {
            // The loading of an assembly is no place to fail; whatever needs a tensor calls EnsureLoaded and gets the same exception.
        }
    }
}
