using Microsoft.ML.Gmt.Tests.Runtime;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class EdgeStateFuzzTests
{
    [TestInitialize]
    public void RequireNative() => RequiredNative.Library();

    [TestMethod]
    public void Native_and_managed_search_agree_on_graphs_made_of_random_bytes()
    {
        Random random = new(20261127);
        for (int input = 0; input < 2000; input++)
        {
            byte[] bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            if (input % 2 == 0)
            {
                // Few values: ties between relations, loops, triples that stand twice, hubs.
                bytes = Array.ConvertAll(bytes, value => (byte)(value % 5));
            }

            try
            {
                EdgeStateFuzz.Compare(bytes);
            }
            catch (Exception error)
            {
                throw new AssertFailedException($"Input {input}: {error.Message}\n{Convert.ToBase64String(bytes)}", error);
            }
        }
    }

    [TestMethod]
    public void They_agree_on_the_corpus_of_the_coverage_guided_fuzzer()
    {
        string[] files = Directory.GetFiles(Path.Combine(Goldens.RepositoryRoot, "tests", "Fuzz", "corpus", "edge-states"));
        Assert.IsNotEmpty(files);
        foreach (string file in files)
        {
            EdgeStateFuzz.Compare(File.ReadAllBytes(file));
        }
    }
}
