using System.Text;
using System.Text.Json;
using Microsoft.ML.Gmt.Tests.Text;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>
/// The program runs with <c>InvariantGlobalization</c>, under which .NET's <c>string.Normalize</c> does nothing: ids must be right all the
/// same. Each test therefore starts the program itself.
/// </summary>
[TestClass]
public sealed class TokenizeCommandTests
{
    [TestMethod]
    [DataRow("""{"type": "NFC"}""", "1 1 4")]
    [DataRow("""{"type": "NFD"}""", "2 3 2 3 4")]
    [DataRow("""{"type": "NFKC"}""", "1 1 5")]
    [DataRow("""{"type": "NFKD"}""", "2 3 2 3 5")]
    [DataRow("""{"type": "BertNormalizer", "strip_accents": true, "lowercase": false}""", "2 2 4")]
    [DataRow("""{"type": "BertNormalizer", "strip_accents": false, "lowercase": false}""", "2 3 1 4")]
    public void Normal_forms_are_those_of_Unicode(string normalizer, string ids)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", $$$"""
            {
              "version": "1.0", "added_tokens": [], "normalizer": {{{normalizer}}}, "pre_tokenizer": {"type": "BertPreTokenizer"},
              "post_processor": null, "decoder": null,
              "model": {
                "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                "vocab": {"[UNK]": 0, "\u00e9": 1, "e": 2, "##\u0301": 3, "\ufb01": 4, "fi": 5}
              }
            }
            """);
        Assert.AreEqual(ids, string.Join(' ', Ids(folder.Path, ["e\u0301 \u00e9 \ufb01"]).Single()));
    }

    [TestMethod]
    [DataRow("qwen-bpe")] // NFC
    [DataRow("minilm-wordpiece")] // accents stripped
    public void Ids_are_those_of_Hugging_Face(string name)
    {
        string cases = Goldens.Root($"llm/tokenizers/{name}");
        TokenizerCase[] all =
        [
            .. TokenizerCase.OfJson(cases).Where(one => one.Ids is not null && one.Text!.Length < 2000 && !Ascii.IsValid(one.Text)
                && !one.Text.Contains('\0', StringComparison.Ordinal) && !one.Text.Any(char.IsSurrogate)),
        ];
        Assert.IsGreaterThan(50, all.Length);
        string folder = File.Exists(Path.Combine(cases, "tokenizer.json")) ? cases : Goldens.RealModel("all-minilm-l6-v2");
        foreach ((TokenizerCase one, int[] ids) in all.Zip(Ids(folder, [.. all.Select(one => one.Text!)])))
        {
            CollectionAssert.AreEqual(one.Ids, ids, $"{one.Where}: '{one.Text}' became {string.Join(' ', ids)}");
        }
    }

    private static List<int[]> Ids(string folder, string[] texts)
    {
        List<int[]> ids = [];
        foreach (string[] some in texts.Chunk(200))
        {
            GmtRun run = GmtRun.Finish(GmtRun.Start(["tokenize", folder, "--json", "--", .. some])).Succeeded();
            JsonElement reports = JsonDocument.Parse(run.Output).RootElement;
            IEnumerable<JsonElement> all = reports.ValueKind == JsonValueKind.Array ? reports.EnumerateArray() : [reports];
            ids.AddRange(all.Select(report => report.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray()));
        }

        return ids;
    }
}
