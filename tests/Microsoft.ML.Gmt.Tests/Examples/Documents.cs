namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary>The documents of the repository, by their paths from its root.</summary>
internal static class Documents
{
    /// <summary>Those in docs/, which are pages of the site.</summary>
    public static IEnumerable<string> OfSite =>
        Directory.EnumerateFiles(Path.Combine(Goldens.RepositoryRoot, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(Relative).Order();

    /// <summary>Those of the site, and those beside it that users meet first.</summary>
    public static IEnumerable<string> All =>
        Directory.EnumerateFiles(Goldens.RepositoryRoot, "*.md").Select(Relative).Order().Concat(OfSite);

    /// <summary>The text of one.</summary>
    public static string Read(string document) => File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, document));

    private static string Relative(string file) => Path.GetRelativePath(Goldens.RepositoryRoot, file).Replace('\\', '/');
}
