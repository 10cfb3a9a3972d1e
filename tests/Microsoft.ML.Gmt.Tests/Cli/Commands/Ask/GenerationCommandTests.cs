using System.Text.Json;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt tokenize</c> and <c>gmt generate</c>, against what the reference's libraries gave.</summary>
[TestClass]
public sealed class GenerationCommandTests
{
    [TestMethod]
    public void Tokens_are_those_recorded()
    {
        string folder = Goldens.Root("reference/tokenizer");
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "cases.json")));
        JsonElement.ArrayEnumerator encode = cases.RootElement.GetProperty("encode").EnumerateArray();
        foreach (JsonElement recorded in encode.Where(recorded => recorded.GetProperty("text").GetString()!.Length > 0).Take(10))
        {
            string text = recorded.GetProperty("text").GetString()!;
            JsonElement info = JsonDocument.Parse(GmtRun.OfInput(text, "tokenize", folder, "--json").Succeeded().Output).RootElement;
            CollectionAssert.AreEqual(Ids(recorded.GetProperty("ids")), Ids(info.GetProperty("ids")));
            Assert.AreEqual(info.GetProperty("tokens").GetInt32(), info.GetProperty("pieces").GetArrayLength());
        }
    }

    [TestMethod]
    public void Several_texts_are_several_reports_with_special_tokens_or_without()
    {
        string folder = Goldens.Root("reference/tokenizer");
        JsonElement[] reports =
            [.. JsonDocument.Parse(GmtRun.Of("tokenize", folder, "one", "two", "--json").Succeeded().Output).RootElement.EnumerateArray()];
        Assert.HasCount(2, reports);
        JsonElement bare = JsonDocument.Parse(
            GmtRun.Of("tokenize", folder, "one", "--no_special_tokens", "--json").Succeeded().Output).RootElement;
        CollectionAssert.AreEqual(Ids(reports[0].GetProperty("ids"))[1..], Ids(bare.GetProperty("ids")));
    }

    [TestMethod]
    public void Generation_is_that_of_the_decoder()
    {
        string model = Path.Combine(EndToEnd.Folder, "base");
        GmtRun run = GmtRun.Of("generate", model, "Hello", "There", "--max_new_tokens", "5", "--ignore_eos", "--json").Succeeded();
        JsonElement[] reports = [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()];
        using Microsoft.ML.Gmt.Llm.LlamaModel llama = Microsoft.ML.Gmt.Llm.LlamaModel.Load(model);
        Microsoft.ML.Gmt.Text.TextTokenizer tokenizer = Microsoft.ML.Gmt.Text.TokenizerFolder.Load(model);
        var decoder = new Microsoft.ML.Gmt.Llm.GreedyDecoder(llama, new() { MaxNewTokens = 5, StopAtEndOfSequence = false });
        IReadOnlyList<IReadOnlyList<int>> expected = decoder.Generate([tokenizer.Encode("Hello"), tokenizer.Encode("There")]);
        CollectionAssert.AreEqual(expected[0].ToArray(), Ids(reports[0].GetProperty("new_ids")));
        CollectionAssert.AreEqual(expected[1].ToArray(), Ids(reports[1].GetProperty("new_ids")));
        StringAssert.Contains(run.Error, "10 tokens in");
    }

    [TestMethod]
    public void A_tokenizer_of_another_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        GmtRun run = GmtRun.Of("generate", MismatchedModel.Write(folder["model"]), "Hello");
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, MismatchedModel.Message);
    }

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];
}
