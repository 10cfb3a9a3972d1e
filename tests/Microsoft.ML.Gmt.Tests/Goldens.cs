namespace Microsoft.ML.Gmt.Tests;

/// <summary>
/// Finds recorded numbers. <c>GMT_GOLDENS</c> names a folder that is used alone; else the whole set in <c>../shared/goldens</c>, and then
/// its small cases, which are kept in <c>tests/goldens</c>. Missing ones skip the test with a reason; with <c>CI=true</c> they fail it.
/// </summary>
internal static class Goldens
{
    private static readonly string Repository = FindRepository();

    private static readonly IReadOnlyList<string> Roots = IsChosen
        ? [Path.GetFullPath(Environment.GetEnvironmentVariable("GMT_GOLDENS")!)]
        : [WholeSet, SmallSet];

    /// <summary>The repository's root folder.</summary>
    public static string RepositoryRoot => Repository;

    /// <summary>Where the whole set is looked for.</summary>
    public static string WholeSet => Path.GetFullPath(Path.Combine(Repository, "..", "shared", "goldens"));

    /// <summary>The cases that the repository has itself.</summary>
    public static string SmallSet => Path.Combine(Repository, "tests", "goldens");

    /// <summary>Whether <c>GMT_GOLDENS</c> replaces both.</summary>
    public static bool IsChosen => Environment.GetEnvironmentVariable("GMT_GOLDENS") is { Length: > 0 };

    /// <summary>Whether missing numbers are a failure.</summary>
    public static bool AreRequired => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The path of a file or folder below a golden root, the first root that has it.</summary>
    public static string Root(string relativePath) => Existing(Roots.Select(root => Path.Combine(root, relativePath)), relativePath);

    /// <summary>The case folders of a golden folder over all roots, each name once, in order.</summary>
    public static IReadOnlyList<string> Cases(string relativePath, Func<string, bool>? isCase = null)
    {
        IReadOnlyList<string> cases = FindCases(relativePath, isCase);
        if (cases.Count == 0)
        {
            Missing(relativePath);
        }

        return cases;
    }

    /// <summary>As <see cref="Cases"/>, but none is no reason to skip.</summary>
    public static IReadOnlyList<string> FindCases(string relativePath, Func<string, bool>? isCase = null) =>
    [
        .. Roots.Select(root => Path.Combine(root, relativePath)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder).Where(isCase ?? (_ => true)))
            .DistinctBy(Path.GetFileName).OrderBy(Path.GetFileName, StringComparer.Ordinal),
    ];

    /// <summary>The folder of a benchmark graph, such as <c>codex-s</c>.</summary>
    public static string DataSet(string name) => Existing(
        [.. Roots.Select(root => Path.Combine(root, "..", "datasets", name)), Path.Combine(Repository, "..", "shared", "datasets", name),
            Path.Combine(Repository, "examples", "data", name)],
        $"data set {name}");

    /// <summary>A folder of the real models beside the goldens, such as <c>all-minilm-l6-v2</c>.</summary>
    public static string RealModel(string name) => Existing(
        [.. Roots.Select(root => Path.Combine(root, "..", "models", name)), Path.Combine(Repository, "..", "shared", "models", name)],
        $"model {name}");

    /// <summary>What to tell where something is missing.</summary>
    public static string Reason(string what) =>
        $"'{what}' was not found under {string.Join(" or ", Roots)}; set GMT_GOLDENS to the folder of the goldens.";

    /// <summary>Ends the test for want of numbers.</summary>
    public static void Missing(string what)
    {
        if (AreRequired)
        {
            Assert.Fail(Reason(what));
        }

        Assert.Inconclusive(Reason(what));
    }

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
