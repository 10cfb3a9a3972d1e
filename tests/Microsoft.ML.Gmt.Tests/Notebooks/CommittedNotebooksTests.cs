using System.Text.RegularExpressions;
using Lessons;

namespace Microsoft.ML.Gmt.Tests.Notebooks;

/// <summary>The notebooks of <c>examples/notebooks</c> are those of the lessons beside them, executed.</summary>
[TestClass]
public sealed partial class CommittedNotebooksTests
{
    private static readonly string[] Headings = ["## Load", "## Look", "## Train", "## Evaluate", "## Consume"];

    public static IEnumerable<object[]> Names =>
        Directory.EnumerateFiles(Folder, "*.cs").Order(StringComparer.Ordinal)
            .Select(file => new object[] { Path.GetFileNameWithoutExtension(file) });

    internal static string Folder => Path.Combine(Goldens.RepositoryRoot, "examples", "notebooks");

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_notebook_has_the_cells_of_its_lesson(string name)
    {
        var executed = NotebookFile.Read(Path.Combine(Folder, $"{name}.ipynb"));
        (string, string)[] expected = [.. NotebookFile.Sources(NotebookFile.Of(Read(name)))], actual = [.. NotebookFile.Sources(executed)];
        CollectionAssert.AreEqual(
            expected, actual, $"{name}.ipynb is not of {name}.cs: run './build.sh notebooks --keep {name}' and commit it.");
        string text = File.ReadAllText(Path.Combine(Folder, $"{name}.ipynb"));
        Assert.AreEqual(NotebookFile.TextOf(ExecutedNotebook.Clean(Read(name), executed)), text, "it is as the tool keeps it");
        StringAssert.Contains(text, "data:image/svg+xml;base64,", "pictures are inside");
        Assert.IsLessThan(300_000, text.Length);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_lesson_has_the_five_headings_and_the_versions_of_the_packages(string name)
    {
        CollectionAssert.AreEqual(
            Headings,
            Read(name).Cells.Where(cell => cell.IsMarkdown).SelectMany(cell => cell.Lines)
                .Where(line => line.StartsWith("## ", StringComparison.Ordinal)).ToArray());
        foreach (Match package in Package().Matches(File.ReadAllText(Path.Combine(Folder, $"{name}.cs"))))
        {
            Assert.AreEqual(VersionOf(package.Groups[1].Value), package.Groups[2].Value, package.Groups[1].Value);
        }
    }

    internal static Lesson Read(string name) => Lesson.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.cs")));

    private static string VersionOf(string package)
    {
        bool isOwn = package.StartsWith("Gmt.MLNet", StringComparison.Ordinal);
        string file = File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, isOwn ? "Directory.Build.props" : "Directory.Packages.props"));
        return Regex.Match(file, isOwn ? "<Version>([^<]+)" : $"\"{Regex.Escape(package)}\" Version=\"([^\"]+)").Groups[1].Value;
    }

    [GeneratedRegex("^#:package ([^@]+)@(.+)$", RegexOptions.Multiline)]
    private static partial Regex Package();
}
