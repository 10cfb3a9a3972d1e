using System.Text.Json.Nodes;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Estimators;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LanguageModelTests
{
    [TestMethod]
    public void A_folder_gives_a_model_and_its_tokenizer()
    {
        using LanguageModel language = LanguageModel.Load(GmtPipelines.BaseModel);
        Assert.AreEqual(GmtPipelines.BaseModel, language.Folder);
        Assert.AreEqual(language.Model.Config.VocabularySize, language.Tokenizer.VocabularySize);
    }

    [TestMethod]
    public void A_token_added_beyond_the_vocabulary_is_refused_only_in_a_text_that_spells_it()
    {
        using var folder = new TemporaryFolder();
        string model = ModelCopy.Write(folder["model"], tokenizer =>
            tokenizer["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 4096, ["content"] = "[PAD]", ["special"] = true }));
        using LanguageModel plain = LanguageModel.Load(GmtPipelines.BaseModel);
        using LanguageModel padded = LanguageModel.Load(model);
        Assert.AreEqual(4097, padded.Tokenizer.VocabularySize);
        IReadOnlyList<int> prompt = padded.Tokenizer.Encode("Sweden is");
        var expected = new GreedyDecoder(plain.Model, new GreedyOptions { MaxNewTokens = 4 }).Generate([prompt])[0];
        var decoder = new GreedyDecoder(padded.Model, new GreedyOptions { MaxNewTokens = 4 });
        CollectionAssert.AreEqual(expected.ToArray(), decoder.Generate([prompt])[0].ToArray());
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => decoder.Generate([padded.Tokenizer.Encode("Sweden [PAD] is")])).Message;
        StringAssert.Contains(message, "of row 0 is not in the model's vocabulary of 4096 tokens");
        StringAssert.Contains(message, "4096");
    }

    [TestMethod]
    public void An_added_token_that_the_vocabulary_lists_as_well_counts_as_added()
    {
        using var folder = new TemporaryFolder();
        string model = ModelCopy.Write(folder["model"], tokenizer =>
        {
            tokenizer["model"]!["vocab"]!["<extra>"] = 4096;
            tokenizer["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 4096, ["content"] = "<extra>", ["special"] = false });
        });
        LanguageModel.Load(model).Dispose();
    }

    [TestMethod]
    public void A_begin_of_sequence_beyond_the_vocabulary_is_refused_for_it_is_in_every_text()
    {
        using var folder = new TemporaryFolder();
        string model = ModelCopy.Write(folder["model"], tokenizer =>
        {
            tokenizer["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 4099, ["content"] = "<begin>", ["special"] = true });
            tokenizer["post_processor"]!["special_tokens"]!["<s>"]!["ids"] = new JsonArray(4099);
        });
        StringAssert.Contains(Assert.ThrowsExactly<GmtFileException>(() => LanguageModel.Load(model)).Message, "ids up to 4099");
    }

    [TestMethod]
    [DataRow("adapter_config.json")]
    [DataRow("adapter_model.safetensors")]
    [DataRow("adapter_model.bin")]
    public void An_adapter_beside_the_model_is_refused_and_the_base_of_a_saved_model_loads_as_it_did(string file)
    {
        using var folder = new TemporaryFolder();
        string model = ModelCopy.Write(folder["model"]);
        File.WriteAllText(Path.Combine(model, file), "{}");
        foreach (Action load in (Action[])[() => LanguageModel.Load(model), () => LlamaModel.Load(model)])
        {
            string message = Assert.ThrowsExactly<NotSupportedException>(load).Message;
            StringAssert.Contains(message, Path.Combine(model, file));
            StringAssert.Contains(message, "merge_and_unload");
        }

        LanguageModel.LoadSaved(model, null, null, CPU).Dispose();
    }

    [TestMethod]
    public void A_tokenizer_with_ids_beyond_the_models_vocabulary_is_refused()
    {
        using var folder = new TemporaryFolder();
        string mismatched = MismatchedModel.Write(folder["model"]);
        string message = Assert.ThrowsExactly<GmtFileException>(() => LanguageModel.Load(mismatched)).Message;
        StringAssert.Contains(message, MismatchedModel.Message);
        StringAssert.Contains(message, mismatched);
    }
}
