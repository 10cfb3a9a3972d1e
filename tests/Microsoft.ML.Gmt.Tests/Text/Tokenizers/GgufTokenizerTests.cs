using System.Text.Json;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class GgufTokenizerTests
{
    private static string Folder => Goldens.RealModel("smollm2-135m-instruct-q4_1");

    /// <summary>The texts on which llama.cpp and the converted tokenizer.json agree.</summary>
    [TestMethod]
    public void The_tokenizer_in_the_file_gives_the_ids_recorded_and_back()
    {
        TextTokenizer tokenizer = TokenizerFolder.Load(Folder);
        int compared = 0;
        foreach (string line in File.ReadLines(Path.Combine(Goldens.Root("llm/tokenizers/smollm2"), "cases.jsonl")))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement known = json.RootElement;
            string text = known.GetProperty("text").GetString()!;
            int[] ids = [.. known.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            CollectionAssert.AreEqual(ids, tokenizer.Encode(text).ToArray(), text);
            Assert.AreEqual(known.GetProperty("decode").GetString(), tokenizer.Decode(ids, skipSpecialTokens: false));
            Assert.AreEqual(known.GetProperty("decode_skip_special").GetString(), tokenizer.Decode(ids));
            compared++;
        }

        Assert.IsGreaterThan(200, compared);
        Assert.AreEqual((1, 2, 2, 0), (tokenizer.BeginOfSequenceId, tokenizer.EndOfSequenceId, tokenizer.PadId, tokenizer.UnknownId));
        Assert.AreEqual(49_152, tokenizer.VocabularySize);
    }

    [TestMethod]
    public void A_tokenizer_beside_the_file_counts_and_a_file_without_one_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model"]);
        string file = Path.Combine(Goldens.Root("llm/gguf/models"), "qwen2-f32.gguf");
        File.WriteAllBytes(Path.Combine(folder["model"], "qwen2.gguf"), File.ReadAllBytes(file));
        Exception error = Assert.Throws<Exception>(() => TokenizerFolder.Load(folder["model"]));
        StringAssert.Contains(error.Message, "put the model's tokenizer.json or tokenizer.model beside the GGUF file");
        File.Copy(Path.Combine(Goldens.Root("llm/tokenizers/smollm2"), "tokenizer.json"), Path.Combine(folder["model"], "tokenizer.json"));
        Assert.AreEqual(49_152, TokenizerFolder.Load(folder["model"]).VocabularySize);
    }
}
