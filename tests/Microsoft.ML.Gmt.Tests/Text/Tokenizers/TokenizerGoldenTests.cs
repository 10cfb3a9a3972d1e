using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class TokenizerGoldenTests
{
    [TestMethod]
    public void Byte_pair_tokenizers_in_json_give_the_recorded_ids_and_texts()
    {
        string[] folders = [.. Goldens.Cases("llm/tokenizers", folder => ModelType(folder) == "BPE")];
        Assert.IsNotEmpty(folders);
        foreach (string folder in folders)
        {
            TextTokenizer tokenizer = JsonTokenizer.Load(Path.Combine(folder, "tokenizer.json"), TokenizerSettings.Read(folder));
            Check(tokenizer, TokenizerCase.OfJson(folder));
        }
    }

    [TestMethod]
    public void Sentencepiece_models_give_the_ids_and_texts_of_the_legacy_LlamaTokenizer()
    {
        string[] folders = [.. Goldens.Cases("llm/tokenizers", TokenizerCase.HasSentencePiece)];
        Assert.IsNotEmpty(folders);
        foreach (string folder in folders)
        {
            Check(TokenizerFolder.Load(folder), TokenizerCase.OfSentencePiece(folder));
        }
    }

    [TestMethod]
    public void The_tokenizer_of_the_reference_gives_the_recorded_ids_and_texts()
    {
        string folder = Goldens.Root("reference/tokenizer");
        TextTokenizer tokenizer = TokenizerFolder.Load(folder);
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        Assert.AreEqual(cases.RootElement.GetProperty("vocab_size").GetInt32(), tokenizer.VocabularySize);
        Check(tokenizer, cases.RootElement.GetProperty("encode").EnumerateArray().Select(row =>
            new TokenizerCase("encode", row.GetProperty("text").GetString(), Ids(row), null, null, null, null)));
        Check(tokenizer, cases.RootElement.GetProperty("decode_skip_special_tokens").EnumerateArray().Select(row =>
            new TokenizerCase("decode", null, null, null, Ids(row), null, row.GetProperty("text").GetString())));
    }

    [TestMethod]
    public void Word_pieces_give_the_recorded_ids_and_texts() =>
        Check(
            TokenizerFolder.Load(Goldens.RealModel("all-minilm-l6-v2")),
            TokenizerCase.OfJson(Goldens.Root("llm/tokenizers/minilm-wordpiece")));

    [TestMethod]
    public void Tokenizers_of_other_kinds_are_refused_by_name()
    {
        foreach (string folder in Goldens.Cases("llm/tokenizers", folder => ModelType(folder) is not (null or "BPE" or "WordPiece")))
        {
            string file = Path.Combine(folder, "tokenizer.json");
            GmtFileException error = Assert.ThrowsExactly<GmtFileException>(() => JsonTokenizer.Load(file, TokenizerSettings.Read(folder)));
            StringAssert.Contains(error.Message, ModelType(folder)!, StringComparison.Ordinal);
        }
    }

    private static void Check(TextTokenizer tokenizer, IEnumerable<TokenizerCase> cases)
    {
        List<string> differences = [];
        int count = 0;
        foreach (TokenizerCase one in cases)
        {
            count++;
            if (one.Ids is not null)
            {
                Compare("ids", one, one.Ids, tokenizer.Encode(one.Text!));
            }

            if (one.PlainIds is not null)
            {
                Compare("ids_plain", one, one.PlainIds, tokenizer.Encode(one.Text!, addSpecialTokens: false));
            }

            if (one.Decoded is not null)
            {
                Compare("decode", one, one.Decoded, tokenizer.Decode(one.DecodedIds!, skipSpecialTokens: false));
            }

            if (one.DecodedWithoutSpecial is not null)
            {
                Compare("decode_skip_special", one, one.DecodedWithoutSpecial, tokenizer.Decode(one.DecodedIds!));
            }
        }

        Assert.AreNotEqual(0, count);
        Assert.IsEmpty(differences, string.Join('\n', differences.Take(20)));

        void Compare<T>(string column, TokenizerCase one, IEnumerable<T> expected, IEnumerable<T> actual)
        {
            if (!expected.SequenceEqual(actual))
            {
                differences.Add(
                    $"{one.Where} {column}: {JsonSerializer.Serialize(one.Text)}: expected {JsonSerializer.Serialize(expected)}, "
                    + $"got {JsonSerializer.Serialize(actual)}");
            }
        }
    }

    private static string? ModelType(string folder)
    {
        string file = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(file))
        {
            return null;
        }

        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.GetProperty("model").GetProperty("type").GetString();
    }

    private static int[] Ids(JsonElement row) => [.. row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
}
