using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Where an application's native libraries may lie.</summary>
internal static class NativeFolders
{
    /// <summary>The runtime identifier under which packages of this process's system and processor keep their native libraries.</summary>
    public static string Rid { get; } = $"{SystemName}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static string SystemName => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    /// <summary>
    /// In the order in which they are tried: beside the application (published for one system), below it (published for all), where the
    /// host was told to look (the package cache in development, the folder that a single-file application unpacks to), and NuGet's cache,
    /// for hosts that tell of neither, such as notebooks.
    /// </summary>
    public static IReadOnlyList<string> All { get; } = Find();

    private static string[] Find()
    {
        string assembly = AssemblyPath(), besideLibrary = Path.GetDirectoryName(assembly) ?? "";
        string[] starts = besideLibrary.Length == 0 ? [AppContext.BaseDirectory] : [AppContext.BaseDirectory, besideLibrary];
        string[] told = ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. starts.SelectMany(start => new[] { start, Path.Combine(start, "runtimes", Rid, "native") }).Concat(told)
                .Concat(PackageCache.Folders(assembly, Rid)).Select(Path.TrimEndingDirectorySeparator).Distinct(),
        ];
    }

    /// <summary>The path of a file in the first folder that has it, or null.</summary>
    public static string? Find(string fileName) => All.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty inside a single file, which is allowed for.")]
    private static string AssemblyPath() => typeof(NativeFolders).Assembly.Location;
}
