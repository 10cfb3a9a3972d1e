using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class ModelLocatorTests
{
    [TestMethod]
    public void A_folder_is_taken_as_it_is()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual(folder.Path, Locator(folder).Find(folder.Path));
    }

    [TestMethod]
    public void A_name_is_found_at_the_revision_that_main_means()
    {
        using var folder = new TemporaryFolder();
        string cache = Path.Combine(folder.Path, ".cache", "huggingface", "hub");
        string first = Snapshot(cache, "org", "model", "aaa"), second = Snapshot(cache, "org", "model", "bbb");
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => Locator(folder).Find("org/model"), "two revisions and nothing to choose by");
        Directory.CreateDirectory(Path.Combine(cache, "models--org--model", "refs"));
        File.WriteAllText(Path.Combine(cache, "models--org--model", "refs", "main"), "bbb\n");
        Assert.AreEqual(second, Locator(folder).Find("org/model"));
        Assert.AreEqual(second, Locator(folder).Find("model", organization: "org"));
        Assert.AreNotEqual(first, second);
    }

    [TestMethod]
    [DataRow("HF_HOME", "hub")]
    [DataRow("HF_HUB_CACHE", "")]
    [DataRow("HUGGINGFACE_HUB_CACHE", "")]
    [DataRow("XDG_CACHE_HOME", "huggingface/hub")]
    [DataRow("TRANSFORMERS_CACHE", "")]
    [DataRow("SENTENCE_TRANSFORMERS_HOME", "")]
    public void The_cache_is_where_the_environment_says(string variable, string below)
    {
        using var folder = new TemporaryFolder();
        string expected = Snapshot(Path.Combine(folder["elsewhere"], below), "org", "model", "only");
        Assert.AreEqual(expected, Locator(folder, (variable, folder["elsewhere"])).Find("org/model"));
        Assert.AreEqual(expected, Locator(folder, (variable, "~/elsewhere")).Find("org/model"));
    }

    [TestMethod]
    public void A_name_that_is_nowhere_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        string message = Assert.ThrowsExactly<DirectoryNotFoundException>(
            () => Locator(folder).Find("MiniLM", "sentence-transformers")).Message;
        StringAssert.Contains(message, folder.Path);
        StringAssert.Contains(message, "hf download sentence-transformers/MiniLM");
    }

    private static ModelLocator Locator(TemporaryFolder home, params (string Name, string Value)[] environment) =>
        new(name => environment.FirstOrDefault(variable => variable.Name == name).Value, home.Path);

    private static string Snapshot(string cache, string organization, string model, string revision) =>
        Directory.CreateDirectory(Path.Combine(cache, $"models--{organization}--{model}", "snapshots", revision)).FullName;
}
