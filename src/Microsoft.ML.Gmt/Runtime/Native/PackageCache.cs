using System.Reflection;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// NuGet's package cache, from which hosts such as C# notebooks load assemblies without saying where their native libraries are.
/// </summary>
internal static class PackageCache
{
    /// <summary>Its folders that hold native libraries of this library, of TorchSharp and of libtorch, as far as they are there.</summary>
    /// <param name="assembly">The path of this library's assembly.</param>
    /// <param name="rid">The runtime identifier of system and processor.</param>
    public static IEnumerable<string> Folders(string assembly, string rid) =>
        from root in Roots(assembly).Distinct()
        from package in Packages(rid)
        let folder = Path.Combine(root, package.Id, package.Version, "runtimes", rid, "native")
        where Directory.Exists(folder)
        select folder;

    /// <summary>That which the assembly lies in, as packages/gmt.mlnet/1.2.3/lib/net10.0/Microsoft.ML.Gmt.dll; then NuGet's own.</summary>
    private static IEnumerable<string> Roots(string assembly)
    {
        string[] parents = [.. Parents(assembly).Take(5)];
        if (parents is [_, var lib, _, var package, var root] && Path.GetFileName(lib) == "lib" && Path.GetFileName(package) == "gmt.mlnet")
        {
            yield return root;
        }

        // As NuGet has it: the variable takes the place of the usual folder.
        yield return Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
            ? Path.GetFullPath(chosen)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (string? parent = Path.GetDirectoryName(path); parent is { Length: > 0 }; parent = Path.GetDirectoryName(parent))
        {
            yield return parent;
        }
    }

    /// <summary>The versions that this library was built with: others have other symbols.</summary>
    private static IEnumerable<(string Id, string Version)> Packages(string rid)
    {
        Assembly own = typeof(PackageCache).Assembly;
        Version? torchSharp = Array.Find(own.GetReferencedAssemblies(), reference => reference.Name == "TorchSharp")?.Version;
        string? libtorch = own.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(entry => entry.Key == "LibtorchVersion")?.Value;
        if (own.GetName().Version is { } version)
        {
            yield return ("gmt.mlnet", version.ToString(3));
        }

        if (torchSharp is not null)
        {
            yield return ("torchsharp", torchSharp.ToString(3));
        }

        if (libtorch is not null)
        {
            yield return ($"libtorch-cpu-{rid}", libtorch);
        }
    }
}
