using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Tests.Architecture;

/// <summary>No line is longer than <c>.editorconfig</c> allows, but for those of files on a list that only shrinks.</summary>
/// <remarks>
/// The list is <c>Architecture/long-lines.txt</c>: how many lines of a file are too long, and the file. Once lines have been broken, run
/// this test with <c>GMT_APPROVE=1</c> and commit it: a list that allows more than there is fails too, and a file that has more of them
/// than the list says is never approved.
/// </remarks>
[TestClass]
public sealed partial class LineLengthTests
{
    private const int Longest = 140;

    private static readonly string[] Endings = [".cs", ".cpp", ".h", ".sh", ".md"];

    /// <summary>Folders whose lines nobody writes by hand.</summary>
    private static readonly string[] LeftOut = ["bin", "obj", "artifacts", "goldens", "corpus", "TestResults"];

    private static readonly string ListFile =
        Path.Combine(Goldens.RepositoryRoot, "tests", "Microsoft.ML.Gmt.Tests", "Architecture", "long-lines.txt");

    [TestMethod]
    public void No_line_is_longer_than_allowed_but_for_those_of_a_list_that_shrinks()
    {
        Dictionary<string, int> listed = ReadList();
        SortedDictionary<string, int> found = new(StringComparer.Ordinal);
        foreach (string file in Files(new DirectoryInfo(Goldens.RepositoryRoot)))
        {
            if (CountOf(file) is > 0 and int count)
            {
                found.Add(Path.GetRelativePath(Goldens.RepositoryRoot, file).Replace(Path.DirectorySeparatorChar, '/'), count);
            }
        }

        string[] worse =
        [
            .. found.Where(file => file.Value > Allowed(file.Key)).Select(file => $"{file.Key}: {file.Value}, {Allowed(file.Key)} allowed"),
        ];
        bool approves = Environment.GetEnvironmentVariable("GMT_APPROVE") == "1";
        Assert.IsEmpty(worse, $"Lines longer than {Longest} columns:\n{string.Join("\n", worse)}");
        if (approves)
        {
            File.WriteAllLines(ListFile, found.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Value} {file.Key}")));
            return;
        }

        string[] better = [.. listed.Where(file => found.GetValueOrDefault(file.Key) < file.Value).Select(file => file.Key)];
        Assert.IsEmpty(better, $"Fewer long lines than the list allows; run this test with GMT_APPROVE=1:\n{string.Join("\n", better)}");

        // A file that was moved keeps its number.
        int Allowed(string file) => listed.TryGetValue(file, out int count) ? count
            : listed.Where(other => Path.GetFileName(other.Key) == Path.GetFileName(file))
                .Where(other => !File.Exists(Path.Combine(Goldens.RepositoryRoot, other.Key)))
                .Select(other => other.Value).DefaultIfEmpty().Max();
    }

    [TestMethod]
    [DataRow("a.cs", "x", 1)]
    [DataRow("a.cs", "https://example.org/", 1)]
    [DataRow("a.md", "x", 1)]
    [DataRow("a.md", "| x", 0)]
    [DataRow("a.md", "see [x](https://example.org/) ", 0)]
    [DataRow("a.md", "https://example.org/", 0)]
    public void Tables_and_links_in_markdown_may_be_longer(string name, string beginning, int expected)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(name, $"{new string('y', Longest)}\n{beginning.PadRight(Longest + 1, 'z')}\n");
        Assert.AreEqual(expected, CountOf(file));
    }

    private static int CountOf(string file)
    {
        bool isText = file.EndsWith(".md", StringComparison.Ordinal);
        return File.ReadLines(file).Where(line => line.Length > Longest)
            .Count(line => !isText || !(line.TrimStart().StartsWith('|') || Link().IsMatch(line)));
    }

    private static IEnumerable<string> Files(DirectoryInfo folder) =>
    [
        .. folder.EnumerateFiles().Where(file => Endings.Contains(file.Extension)).Select(file => file.FullName),
        .. folder.EnumerateDirectories().Where(inner => inner.Name[0] != '.' && !LeftOut.Contains(inner.Name)).SelectMany(Files),
    ];

    private static Dictionary<string, int> ReadList() =>
        File.ReadLines(ListFile).Select(line => line.Split(' ', 2))
            .ToDictionary(parts => parts[1], parts => int.Parse(parts[0], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    [GeneratedRegex(@"https?://|\]\(")]
    private static partial Regex Link();
}
