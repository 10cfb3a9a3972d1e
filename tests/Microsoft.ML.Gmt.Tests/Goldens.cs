namespace Microsoft.ML.Gmt.Tests;

/// <summary>
/// Finds recorded numbers. <c>GMT_GOLDENS</c> names a folder that is used alone; else the small ones in <c>tests/goldens</c> and then those in
/// <c>../shared/goldens</c>. Missing ones skip the test with a reason; with <c>CI=true</c> they fail it.
/// </summary>
internal static class Goldens
{
    private static readonly string Repository = FindRepository();

    private static readonly IReadOnlyList<string> Roots = Environment.GetEnvironmentVariable("GMT_GOLDENS") is { Length: > 0 } chosen
        ? [Path.GetFullPath(chosen)]
        : [Path.Combine(Repository, "tests", "goldens"), Path.GetFullPath(Path.Combine(Repository, "..", "shared", "goldens"))];

    /// <summary>The repository's root folder.</summary>
    public static string RepositoryRoot => Repository;

    /// <summary>The path of a file or folder below a golden root, the first root that has it.</summary>
    public static string Root(string relativePath) => Existing(Roots.Select(root => Path.Combine(root, relativePath)), relativePath);

    /// <summary>The case folders of a golden folder over all roots, each name once, in order.</summary>
    public static IReadOnlyList<string> Cases(string relativePath, Func<string, bool>? isCase = null)
    {
        string[] cases = [.. Roots.Select(root => Path.Combine(root, relativePath)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder).Where(isCase ?? (_ => true)))
            .DistinctBy(Path.GetFileName).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
        if (cases.Length == 0)
        {
            Missing(relativePath);
        }

        return cases;
    }

    /// <summary>The folder of a benchmark graph, such as <c>codex-s</c>.</summary>
    public static string DataSet(string name) => Existing(
        [.. Roots.Select(root => Path.Combine(root, "..", "datasets", name)), Path.Combine(Repository, "..", "shared", "datasets", name),
            Path.Combine(Repository, "examples", "data", name)],
        $"data set {name}");

    /// <summary>A folder of the real models beside the goldens, such as <c>all-minilm-l6-v2</c>.</summary>
    public static string RealModel(string name) => Existing(
        [.. Roots.Select(root => Path.Combine(root, "..", "models", name)), Path.Combine(Repository, "..", "shared", "models", name)], $"model {name}");

    private static string Existing(IEnumerable<string> places, string what)
    {
        foreach (string place in places)
        {
            if (Directory.Exists(place) || File.Exists(place))
            {
                return Path.GetFullPath(place);
            }
        }

        Missing(what);
        return "";
    }

    private static void Missing(string what)
    {
        string reason = $"'{what}' was not found under {string.Join(" or ", Roots)}; set GMT_GOLDENS to the folder of the goldens.";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Inconclusive(reason);
    }

    private static string FindRepository()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Gmt.MLNet.sln")))
            {
                return folder;
            }
        }

        return AppContext.BaseDirectory;
    }
}
