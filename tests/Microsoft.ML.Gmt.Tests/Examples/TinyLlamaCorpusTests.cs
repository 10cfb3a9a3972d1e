using Examples.TinyLlama;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Examples;

[TestClass]
public sealed class TinyLlamaCorpusTests
{
    private const int Seed = 42;

    private static readonly KnowledgeGraph Graph = KnowledgeGraphReader.ReadOpenKe(
        Path.Combine(Goldens.RepositoryRoot, "examples", "data", "codex-s"));
    private static readonly Lazy<Corpus> Shipped = new(() => Corpus.Build(Graph, Seed));

    [TestMethod]
    public void No_sentence_holds_both_names_of_a_validation_or_test_fact()
    {
        var factsByHead = new[] { GraphSplit.Validation, GraphSplit.Test }
            .SelectMany(split => Graph.TripleMemory(split).ToArray())
            .ToLookup(fact => Graph.EntityText(fact.Head), fact => Graph.EntityText(fact.Tail), StringComparer.Ordinal);
        Assert.IsGreaterThan(1_000, factsByHead.Count);
        foreach (IGrouping<string, string> facts in factsByHead)
        {
            string[] about = [.. Shipped.Value.Sentences.Where(sentence => HoldsWord(sentence, facts.Key))];
            foreach (string tail in facts.Distinct(StringComparer.Ordinal))
            {
                Assert.IsFalse(about.Any(sentence => HoldsWord(sentence, tail)), $"a sentence holds '{facts.Key}' and '{tail}'");
            }
        }
    }

    [TestMethod]
    public void Every_training_fact_is_told_but_for_those_left_out()
    {
        HashSet<string> sentences = [.. Shipped.Value.Sentences];
        int told = Graph.TripleMemory(GraphSplit.Train).ToArray().Count(
            fact => sentences.Contains(Phrases.Tuple(new Phrases(Graph).Of(fact))));
        int facts = Graph.Triples(GraphSplit.Train).Length;
        Assert.IsGreaterThan(facts - Shipped.Value.LeftOut - Shipped.Value.HeldOutFacts.Count, told);
        Assert.IsLessThanOrEqualTo(facts - Shipped.Value.HeldOutFacts.Count, told);
    }

    [TestMethod]
    public void No_sentence_states_or_asks_about_a_held_out_fact()
    {
        HashSet<string> sentences = [.. Shipped.Value.Sentences];
        Phrases phrases = new(Graph);

        // Two entities may share a label, so that another fact reads the same.
        HashSet<SpokenTriple> others =
            [.. Graph.TripleMemory(GraphSplit.Train).ToArray().Except(Shipped.Value.HeldOutFacts).Select(phrases.Of)];
        foreach (SpokenTriple fact in Shipped.Value.HeldOutFacts.Select(phrases.Of).Where(fact => !others.Contains(fact)))
        {
            Assert.DoesNotContain(Phrases.Tuple(fact), sentences);
            Assert.DoesNotContain(Phrases.Backward(fact), sentences);
            Assert.DoesNotContain(Phrases.Question(fact) + Phrases.True, sentences);
            Assert.DoesNotContain(Phrases.Question(fact) + Phrases.False, sentences);
        }
    }

    [TestMethod]
    public void Equal_seeds_give_equal_corpora()
    {
        CollectionAssert.AreEqual(Shipped.Value.Sentences.ToArray(), Corpus.Build(Graph, Seed).Sentences.ToArray());
        CollectionAssert.AreNotEqual(Shipped.Value.Sentences.ToArray(), Corpus.Build(Graph, Seed + 1).Sentences.ToArray());
    }

    // Written apart from HeldOutNames, which must agree.
    private static bool HoldsWord(string sentence, string name)
    {
        int start = -1;
        while ((start = sentence.IndexOf(name, start + 1, StringComparison.Ordinal)) >= 0)
        {
            int end = start + name.Length;
            bool begins = start == 0 || !char.IsLetterOrDigit(sentence[start - 1]) || !char.IsLetterOrDigit(sentence[start]);
            bool ends = end == sentence.Length || !char.IsLetterOrDigit(sentence[end]) || !char.IsLetterOrDigit(sentence[end - 1]);
            if (begins && ends)
            {
                return true;
            }
        }

        return false;
    }
}
