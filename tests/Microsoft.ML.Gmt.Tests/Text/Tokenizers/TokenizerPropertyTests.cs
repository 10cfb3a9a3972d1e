using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class TokenizerPropertyTests
{
    [TestMethod]
    public void Merges_of_long_words_equal_those_of_the_plain_algorithm()
    {
        MergeTable merges = new(0);
        Dictionary<(int, int), (int Rank, int Symbol)> plain = [];
        int next = 3;
        foreach ((int left, int right) in new[] { (0, 1), (1, 2), (3, 0), (3, 3), (4, 4), (6, 6), (2, 0), (5, 5), (1, 1) })
        {
            plain[(left, right)] = (next % 5, next);
            merges.Add(left, right, next % 5, next++);
        }

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200), Prop.ForAll(Gen.Choose(0, 2).ArrayOf().ToArbitrary(), word =>
        {
            int[] merged = [.. word];
            return merged[..merges.Apply(merged)].SequenceEqual(Plain(word, plain));
        }));
    }

    [TestMethod]
    public void Byte_level_tokenizers_give_every_text_back()
    {
        foreach (JsonTokenizer tokenizer in ByteLevelTokenizers())
        {
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Texts(), text =>
                !IsCovered(tokenizer, text) || tokenizer.Decode(
                    tokenizer.Encode(text, addSpecialTokens: false), skipSpecialTokens: false) == text));
        }
    }

    [TestMethod]
    public void A_tokenizer_gives_the_same_ids_on_many_threads_at_once()
    {
        foreach (JsonTokenizer tokenizer in ByteLevelTokenizers())
        {
            string[] texts = [.. Texts().Generator.Sample(50, 400)];
            int[][] expected = [.. texts.Select(text => tokenizer.Encode(text).ToArray())];
            int[][] actual =
                [.. texts.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(text => tokenizer.Encode(text).ToArray())];
            for (int i = 0; i < texts.Length; i++)
            {
                CollectionAssert.AreEqual(expected[i], actual[i]);
            }
        }
    }

    [TestMethod]
    public void A_long_word_without_spaces_takes_no_quadratic_time()
    {
        string word = new('a', 200_000);
        foreach (string folder in Goldens.Cases("llm/tokenizers", folder => File.Exists(Path.Combine(folder, "tokenizer_config.json"))))
        {
            Task<int> encoding = Task.Run(() => TokenizerFolder.Load(folder).Encode(word, addSpecialTokens: false).Count);
            Assert.IsTrue(encoding.Wait(TimeSpan.FromSeconds(20)), folder);
            Assert.IsInRange(1, word.Length + 1, encoding.Result);
        }
    }

    // NFC would change a text: those that normalize are left out.
    private static IEnumerable<JsonTokenizer> ByteLevelTokenizers() => Goldens.Cases("llm/tokenizers", folder =>
            File.Exists(Path.Combine(folder, "tokenizer.json")) && File.ReadAllText(Path.Combine(folder, "tokenizer.json")) is string json
            && json.Contains("\"ByteLevel\"", StringComparison.Ordinal) && !json.Contains("\"NFC\"", StringComparison.Ordinal))
        .Select(folder => (JsonTokenizer)TokenizerFolder.Load(folder));

    // Some vocabularies lack bytes that their texts never had; such bytes vanish.
    private static bool IsCovered(JsonTokenizer tokenizer, string text) =>
        ByteLevelAlphabet.Spell(text).All(character => tokenizer.TryGetId(character.ToString(), out _));

    // Any code points, spaces and letters more often than others.
    private static Arbitrary<string> Texts() => Gen.Frequency(
            (3, Gen.Elements(" ", "  ", "\n", "\t ", "a", "the ", "'s", "1984", "É", "😀", "𝐀", "½")),
            (1, Gen.Choose(0, 0x10FFFF).Where(Rune.IsValid).Select(value => new Rune(value).ToString())))
        .ListOf().Select(string.Concat).ToArbitrary();

    private static List<int> Plain(int[] word, Dictionary<(int, int), (int Rank, int Symbol)> merges)
    {
        List<int> symbols = [.. word];
        while (true)
        {
            int best = Enumerable.Range(0, Math.Max(0, symbols.Count - 1)).Where(i => merges.ContainsKey((symbols[i], symbols[i + 1])))
                .DefaultIfEmpty(-1).MinBy(i => i < 0 ? 0 : merges[(symbols[i], symbols[i + 1])].Rank);
            if (best < 0)
            {
                return symbols;
            }

            symbols[best] = merges[(symbols[best], symbols[best + 1])].Symbol;
            symbols.RemoveAt(best + 1);
        }
    }
}
