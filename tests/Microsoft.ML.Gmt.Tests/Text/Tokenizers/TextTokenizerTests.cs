using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>Each kind of tokenizer does what ML.NET's <see cref="Tokenizer"/> promises.</summary>
[TestClass]
public sealed class TextTokenizerTests
{
    private static readonly string[] Texts =
    [
        .. ProbeTexts.All, "The theory, then: that is the other thing.", "x <s> y </s>z", "<|im_start|>  a",
        "é\u0301\u0323 ﬁx 𝐀𝐁 Ωmega ½½", "日本語テキスト😀😀",
        "a\uD83D", "\uDE00b", " \u2581 ", "q\u0307\u0323 Å ﬀ",
    ];

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
        foreach (string text in Texts)
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
    public void Offsets_are_in_order_and_inside_the_text_that_was_split(string kind)
    {
        Tokenizer tokenizer = TokenizerKinds.Get(kind);
        foreach (string text in Texts)
        {
            IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens(text, out string? normalized);
            Assert.AreEqual(tokenizer.Normalizer is null, normalized is null, text);
            string split = normalized ?? text;
            int start = 0;
            foreach (EncodedToken token in tokens)
            {
                Assert.IsGreaterThanOrEqualTo(start, token.Offset.Start.Value, text);
                start = token.Offset.Start.Value;
                Assert.IsInRange(start, split.Length, token.Offset.End.Value, text);
            }
        }
    }

    [TestMethod]
    [DataRow("byte pairs")]
    [DataRow("byte pairs, normalized")]
    [DataRow("byte pairs, whole words first")]
    [DataRow("byte pairs after a space")]
    public void Byte_level_tokens_spell_the_bytes_at_their_offsets(string kind) => CheckSpelling(kind, (token, part) =>
    {
        List<byte> bytes = [];
        ByteLevelAlphabet.AppendBytes(token.Value, bytes);
        return kind == "byte pairs after a space" && bytes[0] == ' ' && !part.StartsWith(' ') ? [.. bytes[1..]] : [.. bytes];
    });

    [TestMethod]
    public void Word_pieces_are_what_stands_at_their_offsets() => CheckSpelling("word pieces", (token, part) =>
        token.Value == "[UNK]" ? Encoding.UTF8.GetBytes(part)
        : token.Value.StartsWith("##", StringComparison.Ordinal) && part != token.Value ? Encoding.UTF8.GetBytes(token.Value[2..])
        : Encoding.UTF8.GetBytes(token.Value));

    [TestMethod]
    [DataRow("sentencepiece")]
    [DataRow("pieces in json")]
    public void Pieces_are_what_stands_at_their_offsets(string kind) => CheckSpelling(kind, (token, part) =>
        token.Value is ['<', '0', 'x', _, _, '>'] && part != token.Value ? Convert.FromHexString(token.Value[3..5])
        : token.Value == "<unk>" ? Encoding.UTF8.GetBytes(part)
        : Encoding.UTF8.GetBytes(token.Value));

    [TestMethod]
    [DataRow("smollm2")]
    [DataRow("llama3-bpe")]
    public void Offsets_are_those_of_the_Hugging_Face_library_but_for_the_space_before_a_word(string name)
    {
        string folder = Goldens.Root($"llm/tokenizers/{name}");
        TextTokenizer tokenizer = TokenizerFolder.Load(folder);
        int special = tokenizer.Encode("").Count;
        int count = 0;
        foreach (string line in File.ReadLines(Path.Combine(folder, "cases.jsonl")))
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            string text = row.GetProperty("text").GetString()!;
            (int From, int To)[] expected =
                [.. row.GetProperty("offsets_plain").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()))];
            EncodedToken[] tokens = [.. tokenizer.EncodeToTokens(text, out _).Skip(special)];
            Assert.HasCount(expected.Length, tokens, text);
            for (int i = 0; i < tokens.Length; i++)
            {
                string part = text[tokens[i].Offset];
                string recorded = CodePoints(text, expected[i].From, expected[i].To);
                Assert.AreEqual(recorded.Trim(), part.Trim(), $"{text}: {tokens[i].Value}");
                count++;
            }
        }

        Assert.IsGreaterThan(1000, count);
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void A_limit_on_tokens_cuts_ids_and_text_alike_and_tears_no_character(string kind)
    {
        Tokenizer tokenizer = TokenizerKinds.Get(kind);
        foreach (string text in Texts.Where(text => text.Length is > 0 and < 70))
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
        foreach (string text in Texts)
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

    // Tokens that share a character spell it together, and special tokens, which stand for no text, spell nothing.
    private static void CheckSpelling(string kind, Func<EncodedToken, string, byte[]> spell)
    {
        TextTokenizer tokenizer = TokenizerKinds.Get(kind);
        foreach (string text in Texts)
        {
            EncodedToken[] tokens = [.. tokenizer.EncodeToTokens(text, out string? normalized)
                .Where(token => !token.Offset.Start.Equals(token.Offset.End))];
            string split = normalized ?? text;
            int next;
            for (int first = 0; first < tokens.Length; first = next)
            {
                int end = tokens[first].Offset.End.Value;
                for (next = first + 1; next < tokens.Length && tokens[next].Offset.Start.Value < end; next++)
                {
                    end = tokens[next].Offset.End.Value;
                }

                string part = split[tokens[first].Offset.Start.Value..end];
                byte[] spelled = [.. tokens[first..next].SelectMany(token => spell(token, split[token.Offset]))];
                byte[] expected = Encoding.UTF8.GetBytes(part);
                bool whole = spelled.AsSpan().SequenceEqual(expected);
                Assert.IsTrue(
                    whole || IsWithoutUnknownBytes(spelled, expected),
                    $"{text}: '{part}' is {Convert.ToHexString(expected)}, the tokens spell {Convert.ToHexString(spelled)}");
            }
        }

        // Bytes that a vocabulary lacks vanish.
        bool IsWithoutUnknownBytes(byte[] spelled, byte[] expected) => tokenizer is JsonTokenizer json && json.UnknownId is null
            && spelled.AsSpan().SequenceEqual(expected.Where(value => json.TryGetId($"{Spelled(value)}", out _)).ToArray());
    }

    private static char Spelled(byte value)
    {
        List<byte> bytes = [];
        return Enumerable.Range('!', 0x200).Select(character => (char)character).First(character =>
        {
            bytes.Clear();
            ByteLevelAlphabet.AppendBytes($"{character}", bytes);
            return bytes is [var only] && only == value;
        });
    }

    private static string CodePoints(string text, int from, int to) => string.Concat(text.EnumerateRunes().Skip(from).Take(to - from));
}
