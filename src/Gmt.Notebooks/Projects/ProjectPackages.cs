using System.Reflection;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Notebooks.Projects;

/// <summary>The packages of written projects: this library, the libtorch of this system, and what else the model needs.</summary>
internal static class ProjectPackages
{
    private static readonly Assembly Library = typeof(GmtTransformer).Assembly;

    /// <summary>The lines of a project file.</summary>
    /// <param name="more">Further packages, with their versions.</param>
    public static string Lines(IReadOnlyDictionary<string, string> more) => string.Join('\n', All(more)
        .Select(package => (Name: ProjectText.Escape(package.Name), Version: ProjectText.Escape(package.Version)))
        .Select(package => $"    <PackageReference Include=\"{package.Name}\" Version=\"{package.Version}\" />"));

    private static IEnumerable<(string Name, string Version)> All(IReadOnlyDictionary<string, string> more) =>
    [
        ("Gmt.MLNet", Library.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]),
        ($"libtorch-cpu-{System}",
            Library.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "LibtorchVersion").Value!),
        .. more.Select(package => (package.Key, package.Value)),
    ];

    private static string System =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win-x64"
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx-arm64"
        : "linux-x64";
}
