using System.Buffers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>Each kind of tokenizer does what ML.NET's <see cref="Tokenizer"/> promises.</summary>
[TestClass]
public sealed class TextTokenizerTests
{
    private static IEnumerable<object[]> Kinds => TokenizerKinds.Names;

    [TestMethod]
    [DataRow("""{"additional_special_tokens": ["<a>", null]}""", "$.additional_special_tokens[1]: it is null")]
    [DataRow("""{"additional_special_tokens": [{}]}""", "$.additional_special_tokens[0].content: it is missing")]
    [DataRow("""{"bos_token": 1}""", "$.bos_token: expected a string, found 1")]
    [DataRow("""{"added_tokens_decoder": {"-1": {"content": "a"}}}""", "$.added_tokens_decoder.-1: the name is not a token id")]
    public void Settings_that_say_nothing_usable_are_errors_beside_either_kind_of_vocabulary(string settings, string place)
    {
        foreach ((string source, string file) in ((string, string)[])
            [(Goldens.Root("reference/tokenizer"), "tokenizer.model"), (Estimators.GmtPipelines.BaseModel, "tokenizer.json")])
        {
            using var folder = new TemporaryFolder();
            File.Copy(Path.Combine(source, file), folder[file]);
            string message = Assert.ThrowsExactly<GmtFileException>(
                () => TokenizerFolder.Load(folder.With("tokenizer_config.json", settings).Path)).Message;
            StringAssert.Contains(message, $"tokenizer_config.json, {place}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void All_ways_to_encode_give_the_same_ids(string kind)
    {
        TextTokenizer own = TokenizerKinds.Get(kind);
        Tokenizer tokenizer = own;
        foreach (string text in TokenizerKinds.Texts)
        {
            int[] ids = [.. own.Encode(text)];
            CollectionAssert.AreEqual(ids, tokenizer.EncodeToIds(text).ToArray(), text);
            CollectionAssert.AreEqual(ids, tokenizer.EncodeToIds(text.AsSpan()).ToArray(), text);
            CollectionAssert.AreEqual(ids, tokenizer.EncodeToTokens(text, out _).Select(token => token.Id).ToArray(), text);
            CollectionAssert.AreEqual(ids, tokenizer.EncodeToTokens(text.AsSpan(), out _).Select(token => token.Id).ToArray(), text);
            Assert.AreEqual(ids.Length, tokenizer.CountTokens(text), text);
            Assert.AreEqual(ids.Length, tokenizer.CountTokens(text.AsSpan()), text);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void A_limit_on_tokens_cuts_ids_and_text_alike_and_tears_no_character(string kind)
    {
        Tokenizer tokenizer = TokenizerKinds.Get(kind);
        foreach (string text in TokenizerKinds.Texts.Where(text => text.Length is > 0 and < 70))
        {
            int[] all = [.. tokenizer.EncodeToIds(text)];
            EncodedToken[] tokens = [.. tokenizer.EncodeToTokens(text, out string? normalized)];
            int length = (normalized ?? text).Length;
            for (int most = 1; most <= all.Length + 1; most++)
            {
                int[] ids = [.. tokenizer.EncodeToIds(text, most, out string? processed, out int consumed)];
                Assert.IsLessThanOrEqualTo(most, ids.Length, text);
                CollectionAssert.AreEqual(all[..ids.Length], ids, text);
                Assert.AreEqual(consumed, tokenizer.GetIndexByTokenCount(text, most, out string? other, out int count), text);
                Assert.AreEqual((ids.Length, processed), (count, other), text);
                CheckBorder(consumed, all.Length - count, count);

                int index = tokenizer.GetIndexByTokenCountFromEnd(text, most, out _, out count);
                Assert.IsLessThanOrEqualTo(most, count, text);
                CheckBorder(index, count, all.Length - count);
            }

            // Behind the first tokens and before the last.
            void CheckBorder(int index, int last, int first)
            {
                int least = first == 0 ? 0 : tokens[first - 1].Offset.End.Value;
                Assert.IsInRange(least, last == 0 ? length : tokens[first].Offset.Start.Value, index, text);
                Assert.IsFalse(index > 0 && index < length && char.IsSurrogatePair(normalized ?? text, index - 1), text);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void A_limit_below_one_is_refused(string kind)
    {
        Tokenizer tokenizer = TokenizerKinds.Get(kind);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => tokenizer.EncodeToIds("a", 0, out _, out _));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => tokenizer.GetIndexByTokenCount("a", 0, out _, out _));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => tokenizer.GetIndexByTokenCountFromEnd("a", -1, out _, out _));
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void All_ways_to_decode_give_the_same_text(string kind)
    {
        TextTokenizer tokenizer = TokenizerKinds.Get(kind);
        char[] room = new char[1000];
        foreach (string text in TokenizerKinds.Texts)
        {
            IReadOnlyList<int> ids = tokenizer.Encode(text);
            string expected = tokenizer.Decode(ids, skipSpecialTokens: true);
            Assert.AreEqual(expected, tokenizer.Decode(ids.Where(_ => true)));
            Assert.AreEqual(OperationStatus.Done, tokenizer.Decode(ids, room, out int consumed, out int written));
            Assert.AreEqual((ids.Count, expected), (consumed, new string(room, 0, written)));
            Assert.AreEqual(OperationStatus.Done, tokenizer.Decode(ids, room.AsSpan(0, expected.Length), out consumed, out written));
            for (int less = expected.Length - 1; less >= Math.Max(0, expected.Length - 9); less--)
            {
                OperationStatus status = tokenizer.Decode(ids, room.AsSpan(0, less), out consumed, out written);
                Assert.AreEqual(OperationStatus.DestinationTooSmall, status);
                Assert.AreEqual(expected[..written], tokenizer.Decode(ids.Take(consumed)), text);
                Assert.IsLessThanOrEqualTo(less, written);
            }
        }
    }

    [TestMethod]
    public void Text_may_be_split_as_it_stands()
    {
        Tokenizer pieces = TokenizerKinds.Get("sentencepiece");
        _ = pieces.EncodeToTokens("a b", out string? normalized);
        Assert.AreEqual("▁a▁b", normalized);
        Assert.AreEqual("a", pieces.EncodeToTokens("a", out normalized, considerNormalization: false)[^1].Value);
        Assert.IsNull(normalized);

        Tokenizer words = TokenizerKinds.Get("word pieces");
        Assert.AreEqual("[CLS] a b [SEP]", Values(words.EncodeToTokens("A B", out normalized)));
        Assert.AreEqual("a b", normalized);
        Assert.AreEqual("[CLS] [UNK] b [SEP]", Values(words.EncodeToTokens("A b", out normalized, considerNormalization: false)));
        Assert.IsNull(normalized);
        Assert.AreEqual("[CLS] [UNK] [SEP]", Values(words.EncodeToTokens("a b", out _, considerPreTokenization: false)));
        CollectionAssert.AreEqual(new[] { (0, 1), (2, 1) }, words.PreTokenizer!.PreTokenize("a b").ToArray());
        Assert.AreEqual("cafe", words.Normalizer!.Normalize("Café"));

        static string Values(IEnumerable<EncodedToken> tokens) => string.Join(' ', tokens.Select(token => token.Value));
    }
}
