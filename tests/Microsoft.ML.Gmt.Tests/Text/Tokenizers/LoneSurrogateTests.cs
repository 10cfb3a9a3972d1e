using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>Half a surrogate pair is no character: every tokenizer gives what it gives for U+FFFD, as Hugging Face's bindings do.</summary>
[TestClass]
public sealed class LoneSurrogateTests
{
    private static readonly string[] Normalizers =
    [
        "null", """{"type": "NFC"}""", """{"type": "NFD"}""", """{"type": "NFKC"}""", """{"type": "NFKD"}""",
        """{"type": "BertNormalizer", "clean_text": false, "strip_accents": true, "lowercase": true}""",
        """{"type": "BertNormalizer", "clean_text": true, "strip_accents": true, "lowercase": false}""",
        """{"type": "Sequence", "normalizers": [{"type": "NFKD"}, {"type": "Replace", "pattern": {"String": " "}, "content": "_"}]}""",
        """{"type": "Prepend", "prepend": "_"}""",
    ];

    private static readonly string[] Texts =
    [
        "\ud800", "\udc00", "a\udfffb", "\ud83dé", "e\u0301\ud800\u0301", "\udc00\ud800", "x \ud83d\ud83d\ude00 y", "<s>\ud800</s>",
    ];

    public static IEnumerable<object[]> Kinds => TokenizerKinds.Names;

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Every_kind_of_tokenizer_takes_them_as_replacement_characters(string kind) => Check(TokenizerKinds.Get(kind));

    [TestMethod]
    public void So_does_every_normalizer()
    {
        foreach (string normalizer in Normalizers)
        {
            using var folder = new TemporaryFolder();
            string json = $$$"""
                {"normalizer": {{{normalizer}}}, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
                 "model": {"type": "BPE", "vocab": {{{Bytes()}}}, "merges": []}, "decoder": {"type": "ByteLevel"}, "added_tokens": []}
                """;
            Check(TokenizerFolder.Load(folder.With("tokenizer.json", json).Path));
        }
    }

    private static void Check(TextTokenizer tokenizer)
    {
        foreach (string text in Texts)
        {
            string replaced = Replaced(text);
            CollectionAssert.AreEqual(tokenizer.Encode(replaced).ToArray(), tokenizer.Encode(text).ToArray(), Shown(text));
            IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens(text, out _);
            CollectionAssert.AreEqual(tokenizer.EncodeToTokens(replaced, out _).ToArray(), tokens.ToArray(), Shown(text));
            Assert.AreEqual(tokenizer.CountTokens(replaced), tokenizer.CountTokens(text));
        }
    }

    private static string Replaced(string text) =>
        string.Concat(text.Select((character, i) => !char.IsSurrogate(character)
            || (char.IsHighSurrogate(character) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            || (char.IsLowSurrogate(character) && i > 0 && char.IsHighSurrogate(text[i - 1])) ? character : '\uFFFD'));

    private static string Shown(string text) => string.Join(' ', text.Select(character => $"{(int)character:X4}"));

    // A token for each byte, as a byte-level vocabulary spells it.
    private static string Bytes() => System.Text.Json.JsonSerializer.Serialize(
        Enumerable.Range(0, 256).ToDictionary(value => ByteLevelSpelling(value), value => value));

    private static string ByteLevelSpelling(int value)
    {
        bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
        int before = Enumerable.Range(0, value).Count(
            other => other is not ((>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF)));
        return $"{(char)(printable ? value : 0x100 + before)}";
    }
}
