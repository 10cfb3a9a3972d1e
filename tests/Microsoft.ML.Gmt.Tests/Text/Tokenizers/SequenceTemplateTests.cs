using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>Which tokens stand around a text, by <c>tokenizer_config.json</c>; the file's own post-processor puts <c>&lt;s&gt;</c> (1) in
/// front.</summary>
[TestClass]
public sealed class SequenceTemplateTests
{
    private const int Begin = 1, End = 2;

    // transformers 4: LlamaTokenizerFast.update_post_processor.
    [TestMethod]
    [DataRow("""{"tokenizer_class": "LlamaTokenizer"}""", true, false)]
    [DataRow("""{"tokenizer_class": "LlamaTokenizer", "add_bos_token": false}""", false, false)]
    [DataRow("""{"tokenizer_class": "LlamaTokenizerFast", "add_eos_token": true}""", true, true)]
    [DataRow("""{"tokenizer_class": "LlamaTokenizerFast", "add_bos_token": false, "add_eos_token": true}""", false, true)]
    [DataRow("""{"tokenizer_class": "CodeLlamaTokenizerFast", "add_bos_token": false}""", false, false)]
    [DataRow("""{"add_eos_token": true}""", true, true)]
    [DataRow("""{"add_bos_token": null, "add_eos_token": null}""", true, false)]
    [DataRow("""{"tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": false, "add_eos_token": true}""", true, false)]
    public void The_class_decides_whether_the_settings_count(string settings, bool begins, bool ends)
    {
        TextTokenizer tokenizer = Load(settings);
        int[] bare = [.. tokenizer.Encode("Is it true?", addSpecialTokens: false)];
        int[] expected = [.. begins ? [Begin] : (int[])[], .. bare, .. ends ? [End] : (int[])[]];
        CollectionAssert.AreEqual(expected, tokenizer.Encode("Is it true?").ToArray());
    }

    [TestMethod]
    public void The_settings_name_the_tokens()
    {
        TextTokenizer tokenizer = Load(
            """{"tokenizer_class": "LlamaTokenizer", "bos_token": "<pad>", "eos_token": "<s>", "add_eos_token": true}""");
        IReadOnlyList<int> ids = tokenizer.Encode("a");
        Assert.AreEqual((0, Begin), (ids[0], ids[^1]));
    }

    [TestMethod]
    public void A_token_that_is_asked_for_and_not_there_is_an_error_and_one_that_is_not_asked_for_none()
    {
        string message = Assert.ThrowsExactly<GmtFileException>(
            () => Load("""{"tokenizer_class": "LlamaTokenizer", "eos_token": "<none>", "add_eos_token": true}""")).Message;
        StringAssert.Contains(message, "tokenizer_config.json, $.add_eos_token: it asks for the token '<none>'");
        Assert.AreEqual(Begin, Load("""{"tokenizer_class": "LlamaTokenizer", "bos_token": "<none>"}""").Encode("a")[0]);
    }

    [TestMethod]
    public void A_setting_that_is_no_truth_value_is_an_error() => StringAssert.Contains(
        Assert.ThrowsExactly<GmtFileException>(() => Load("""{"add_bos_token": "yes"}""")).Message,
        "$.add_bos_token: expected true or false");

    private static TextTokenizer Load(string settings)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(GmtPipelines.BaseModel, "tokenizer.json"), folder["tokenizer.json"]);
        return TokenizerFolder.Load(folder.With("tokenizer_config.json", settings).Path);
    }
}
