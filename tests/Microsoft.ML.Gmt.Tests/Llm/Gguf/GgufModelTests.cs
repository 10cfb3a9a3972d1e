using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

/// <summary>Language models out of GGUF files, against what Hugging Face computes with the same numbers.</summary>
[TestClass]
public sealed class GgufModelTests
{
    // README-llm: fp32 against fp64 differs by 7.4e-5, one thread against two by 4e-5.
    private const double Tolerance = 5e-4;

    private static string SmolLm2 => Goldens.RealModel("smollm2-135m-instruct-q4_1");

    [TestMethod]
    [DataRow("llama-gqa-tied-f32")]
    [DataRow("llama-gqa-tied-mixed")]
    [DataRow("qwen2-f32")]
    [DataRow("qwen2-mixed")]
    public void Small_models_give_the_logits_recorded(string name)
    {
        using var folder = new TemporaryFolder();
        string golden = Goldens.Root("llm/gguf/models");
        Copy(Path.Combine(golden, $"{name}.gguf"), folder["model"]);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using LlamaModel model = LlamaModel.Load(folder["model"]);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, $"{name}.json")));
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(golden, $"{name}.safetensors"));
        foreach (JsonProperty prompt in json.RootElement.GetProperty("prompts").EnumerateObject())
        {
            int[] ids = [.. prompt.Value.EnumerateArray().Select(id => id.GetInt32())];
            Near.Absolute(
                expected.Get($"logits.{prompt.Name}"), model.Forward(TinyLlama.Row(ids)).squeeze(0), Tolerance, $"{name}, {prompt.Name}");
        }
    }

    [TestMethod]
    [DataRow("llama3-rope-f32", "rope_freqs.weight is a tensor, which is not supported")]
    [DataRow("qwen3-f32", "general.architecture is qwen3, which is not supported; supported are llama, qwen2")]
    public void What_is_not_computed_is_refused_by_name(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        Copy(Path.Combine(Goldens.Root("llm/gguf/models"), $"{name}.gguf"), folder["model"]);
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => LlamaModel.Load(folder["model"])).Message, expected);
    }

    [TestMethod]
    public void Two_files_in_a_folder_are_refused_and_one_beside_a_configuration_is_passed_over()
    {
        using var folder = new TemporaryFolder();
        string golden = Goldens.Root("llm/gguf/models");
        Copy(Path.Combine(golden, "qwen2-f32.gguf"), folder["model"]);
        Assert.AreEqual("qwen2", LlamaConfig.Load(folder["model"]).ModelType);
        Copy(Path.Combine(golden, "qwen3-f32.gguf"), folder["model"]);
        StringAssert.Contains(
            Assert.ThrowsExactly<GmtFileException>(() => LlamaModel.Load(folder["model"])).Message,
            "there are 2 GGUF files: qwen2-f32.gguf, qwen3-f32.gguf");
        File.WriteAllText(Path.Combine(folder["model"], "config.json"), "{}");
        Assert.ThrowsExactly<GmtFileException>(() => LlamaModel.Load(folder["model"]), "the configuration counts, and it is empty");
        Assert.DoesNotContain("qwen2-f32.gguf", BaseModelFiles.In(folder["model"]).Select(file => file.Name));
    }

    [TestMethod]
    public void Tensors_of_SmolLM2_have_the_bits_recorded_in_the_layout_of_Hugging_Face()
    {
        using ModelParts parts = ModelParts.Open(SmolLm2);
        int compared = 0;
        foreach (string line in File.ReadLines(Path.Combine(Goldens.Root("llm/smollm2"), "dequantised.jsonl")))
        {
            using DisposeScope scope = NewDisposeScope();
            using JsonDocument tensor = JsonDocument.Parse(line);
            string name = tensor.RootElement.GetProperty("hf_name").GetString()!;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            NativeTensor.ForEachPart(parts.Store.Get(name).contiguous(), hash.AppendData);
            Assert.AreEqual(
                tensor.RootElement.GetProperty("sha256_hf_layout").GetString(), Convert.ToHexStringLower(hash.GetHashAndReset()), name);
            compared++;
        }

        Assert.AreEqual(13, compared);
    }

    [TestMethod]
    public void SmolLM2_reads_and_writes_what_is_recorded()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using LanguageModel language = LanguageModel.Load(SmolLm2);
        Assert.AreEqual((30, 576, 9, 3, 49_152, true), (
            language.Model.Config.LayerCount, language.Model.Config.HiddenSize, language.Model.Config.HeadCount,
            language.Model.Config.KeyValueHeadCount, language.Model.Config.VocabularySize, language.Model.Config.TieEmbeddings));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Goldens.Root("llm/smollm2"), "golden.json")));
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(Goldens.Root("llm/smollm2"), "golden.safetensors"));
        JsonElement[] prompts = [.. json.RootElement.GetProperty("prompts").EnumerateArray()];
        for (int i = 0; i < prompts.Length; i++)
        {
            int[] ids = [.. prompts[i].GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            CollectionAssert.AreEqual(ids, language.Tokenizer.Encode(prompts[i].GetProperty("text").GetString()!).ToArray(), $"prompt {i}");
            Near.Absolute(
                expected.Get($"prompt{i}.last_logits"), language.Model.NextLogits(TinyLlama.Row(ids)).squeeze(0), Tolerance, $"prompt {i}");
        }

        Tensor likely = expected.Get("loglik.ids");
        Tensor logs = nn.functional.log_softmax(language.Model.Forward(likely.unsqueeze(0)).squeeze(0), 1);
        Tensor chosen = logs.narrow(0, 0, 199).gather(1, likely.narrow(0, 1, 199).unsqueeze(1)).squeeze(1);
        Near.Absolute(expected.Get("loglik.logprobs"), chosen, 3e-4, "log-probabilities");
        JsonElement greedy = json.RootElement.GetProperty("greedy40_plain")[0];
        int[] written = [.. greedy.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32())];
        var decoder = new GreedyDecoder(language.Model, new GreedyOptions { MaxNewTokens = 8 });
        CollectionAssert.AreEqual(
            written[..8], decoder.Generate([language.Tokenizer.Encode(greedy.GetProperty("prompt").GetString()!)])[0].ToArray());
    }

    private static void Copy(string file, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file));
    }
}
