using Examples.TinyLlama;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary>The model that the demo ships: that it is what its card says.</summary>
[TestClass]
public sealed class TinyLlamaModelTests
{
    private static readonly string Folder = Path.Combine(Goldens.RepositoryRoot, "examples", "models", "tiny-llama");
    private static readonly KnowledgeGraph Graph = KnowledgeGraphReader.ReadOpenKe(
        Path.Combine(Goldens.RepositoryRoot, "examples", "data", "codex-s"));

    [TestMethod]
    public void Its_tokenizer_is_the_one_that_the_corpus_gives()
    {
        using var again = new TemporaryFolder();
        LlamaConfig config = LlamaConfig.Load(Folder);
        (IReadOnlyList<byte[]> tokens, IReadOnlyList<(int Left, int Right)> merges) =
            BytePairTrainer.Train(
                Corpus.Build(Graph, new TrainingOptions().Seed).Sentences, config.VocabularySize - TokenizerFiles.FirstId);
        TokenizerFiles.Write(again.Path, tokens, merges, config.MaxPositions);
        foreach (string file in Directory.EnumerateFiles(again.Path))
        {
            string name = Path.GetFileName(file);
            Assert.AreEqual(File.ReadAllText(file), File.ReadAllText(Path.Combine(Folder, name)).ReplaceLineEndings("\n"), name);
        }
    }

    [TestMethod]
    public void Both_verdicts_are_single_tokens()
    {
        TextTokenizer tokenizer = TokenizerFolder.Load(Folder);
        Assert.HasCount(1, tokenizer.Encode(Phrases.True, addSpecialTokens: false));
        Assert.HasCount(1, tokenizer.Encode(Phrases.False, addSpecialTokens: false));
        string question = Phrases.Question(new SpokenTriple("Gaspard Monge", "occupation", "mathematician"));
        int[] expected = [.. tokenizer.Encode(question), .. tokenizer.Encode(Phrases.True, addSpecialTokens: false)];
        CollectionAssert.AreEqual(expected, tokenizer.Encode(question + Phrases.True).ToArray());
    }

    [TestMethod]
    public void It_answers_questions_of_held_out_facts_better_than_chance_and_in_the_right_form()
    {
        Corpus corpus = Corpus.Build(Graph, new TrainingOptions().Seed);
        using LlamaModel model = LlamaModel.Load(Folder);
        TextTokenizer tokenizer = TokenizerFolder.Load(Folder);
        Measurements measurements = new(model, tokenizer, Graph);
        Triple[] facts = [.. corpus.HeldOutFacts.Take(200)];
        Triple[] negatives = [.. corpus.HeldOutNegatives.Take(200)];
        (double accuracy, double area) = measurements.Judge(facts, negatives);
        Assert.IsGreaterThan(0.6, area);
        Assert.IsGreaterThan(0.55, accuracy);
        Assert.IsLessThan(20, measurements.Perplexity(facts));
    }

    [TestMethod]
    public void It_is_small_enough_to_ship()
    {
        DirectoryInfo models = new(Path.Combine(Goldens.RepositoryRoot, "examples", "models"));
        long bytes = models.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Assert.IsLessThan(10_000_000, bytes);
    }
}
