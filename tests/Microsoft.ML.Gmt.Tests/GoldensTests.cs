namespace Microsoft.ML.Gmt.Tests;

/// <summary>The recorded numbers themselves: which are here, and that they are what they claim to be.</summary>
[TestClass]
public sealed class GoldensTests
{
    private const long LargestSmallSet = 20_000_000;

    /// <summary>Lists of files, which lack those that the small set leaves out.</summary>
    private static readonly string[] Shortened =
        ["llm/torch/valid/index.json", "llm/torch/invalid/index.json", "reference/checkpoints/settings.json"];

    [TestMethod]
    public void The_whole_set_is_here()
    {
        if (!Goldens.IsChosen && !Directory.Exists(Goldens.WholeSet))
        {
            Goldens.Missing($"{Goldens.WholeSet}, the cases that are too large for the repository");
        }
    }

    [TestMethod]
    public void The_small_set_stays_small() =>
        Assert.IsLessThanOrEqualTo(LargestSmallSet, SmallFiles().Sum(file => new FileInfo(Path.Combine(Goldens.SmallSet, file)).Length));

    [TestMethod]
    public void The_small_set_is_part_of_the_whole_to_the_byte()
    {
        if (!Directory.Exists(Goldens.WholeSet))
        {
            Assert.Inconclusive($"There is no {Goldens.WholeSet} to compare with.");
        }

        string[] files = [.. SmallFiles().Except(Shortened).Where(file => file != "README.md")];
        Assert.IsNotEmpty(files);
        foreach (string file in files)
        {
            Assert.IsTrue(File.ReadAllBytes(Path.Combine(Goldens.WholeSet, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Goldens.SmallSet, file))), file);
        }
    }

    private static IEnumerable<string> SmallFiles() => Directory.EnumerateFiles(Goldens.SmallSet, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Goldens.SmallSet, path).Replace('\\', '/'));
}
