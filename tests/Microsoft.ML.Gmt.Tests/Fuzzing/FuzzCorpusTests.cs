namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>The seeds of the coverage-guided fuzzer, and what it found, are read or refused as documented.</summary>
[TestClass]
public sealed class FuzzCorpusTests
{
    private static IEnumerable<object[]> Targets => FuzzTargetList.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Targets))]
    public void Every_input_of_the_corpus_is_read_or_refused(string target)
    {
        string[] files = Directory.GetFiles(Path.Combine(Goldens.RepositoryRoot, "tests", "Fuzz", "corpus", target));
        Array.Sort(files, StringComparer.Ordinal);
        Exception?[] refusals = Array.ConvertAll(files, file => FuzzTargetList.Read(target, File.ReadAllBytes(file)));
        Assert.IsTrue(refusals.Contains(null), "No input is right: the fuzzer has nothing to begin with.");
        foreach (Exception refusal in refusals.OfType<Exception>())
        {
            Assert.IsNotEmpty(refusal.Message);
        }
    }

    [TestMethod]
    public void Every_folder_of_seeds_has_a_target()
    {
        string corpus = Path.Combine(Goldens.RepositoryRoot, "tests", "Fuzz", "corpus");
        string[] folders = [.. Directory.GetDirectories(corpus).Select(folder => Path.GetFileName(folder))];
        CollectionAssert.AreEquivalent(FuzzTargetList.Names.ToArray(), folders);
    }
}
