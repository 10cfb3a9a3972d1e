using System.Text;
using System.Text.Json;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>Tokens say which part of the text they stand for.</summary>
[TestClass]
public sealed class TokenOffsetTests
{
    private static IEnumerable<object[]> Kinds => TokenizerKinds.Names;

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Offsets_are_in_order_and_inside_the_text_that_was_split(string kind)
    {
        Tokenizer tokenizer = TokenizerKinds.Get(kind);
        foreach (string text in TokenizerKinds.Texts)
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

    // Tokens that share a character spell it together, and special tokens, which stand for no text, spell nothing.
    private static void CheckSpelling(string kind, Func<EncodedToken, string, byte[]> spell)
    {
        TextTokenizer tokenizer = TokenizerKinds.Get(kind);
        foreach (string text in TokenizerKinds.Texts)
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
