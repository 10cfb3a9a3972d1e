using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class InfoCommandTests
{
    [TestMethod]
    public void A_file_of_torch_save_is_described_tensor_by_tensor()
    {
        string path = Goldens.Root("reference/sgm/train-crafted/sgm_state.pth");
        JsonElement info = GmtRun.Json("info", path);
        StringAssert.Contains(info.GetProperty("title").GetString(), "PyTorch file");
        Assert.AreEqual("a dictionary with 'sgm'", info.GetProperty("object").GetString());
        using var scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> tensors = TorchFile.LoadStateDict(path, "sgm");
        JsonElement[] rows = [.. info.GetProperty("tensors_by_name").EnumerateArray()];
        CollectionAssert.AreEqual(
            tensors.Keys.Select(name => $"sgm/{name}").ToArray(), rows.Select(row => row.GetProperty("name").GetString()).ToArray());
        CollectionAssert.AreEqual(
            tensors.Values.Select(tensor => $"[{string.Join(", ", tensor.shape)}]").ToArray(),
            rows.Select(row => row.GetProperty("shape").GetString()).ToArray());
        Assert.AreEqual(tensors.Values.Sum(tensor => tensor.numel()), info.GetProperty("parameters").GetInt64());
        Assert.AreEqual(
            tensors.Values.Sum(tensor => tensor.numel() * tensor.element_size()), info.GetProperty("size_in_memory").GetInt64());
    }

    [TestMethod]
    public void Every_file_of_torch_save_is_described_and_every_hostile_one_refused()
    {
        foreach (string file in Directory.GetFiles(Goldens.Root("llm/torch/valid")).Where(file => Path.GetExtension(file) is ".pt" or ".pth" or ".bin"))
        {
            StringAssert.Contains(GmtRun.Of("info", file).Succeeded().Output, "tensors");
        }

        foreach (string file in Directory.GetFiles(Goldens.Root("llm/torch/invalid")).Where(file => Path.GetExtension(file) is ".pt" or ".pth" or ".bin"))
        {
            GmtRun run = GmtRun.Of("info", file);
            Assert.IsTrue(run.ExitCode is 0 or 1 && !run.Error.Contains("unexpected", StringComparison.Ordinal), $"{file}: {run.Error}");
        }
    }

    [TestMethod]
    public void Safetensors_are_known_by_their_first_bytes()
    {
        TorchRuntime.EnsureLoaded();
        using var folder = new TemporaryFolder();
        using Tensor weights = ones(2, 3);
        SafetensorsWriter.Write(folder["model.safetensors"], [KeyValuePair.Create("w", weights)]);
        File.Move(folder["model.safetensors"], folder["weights"]);
        JsonElement info = GmtRun.Json("info", folder["weights"]);
        Assert.AreEqual("pt", info.GetProperty("format").GetString());
        Assert.AreEqual(24, info.GetProperty("size_in_memory").GetInt64());
        Assert.AreEqual("[2, 3]", info.GetProperty("tensors_by_name")[0].GetProperty("shape").GetString());
    }

    [TestMethod]
    public void A_model_folder_is_model_and_tokenizer()
    {
        JsonElement[] reports = [.. GmtRun.Json("info", Path.Combine(EndToEnd.Folder, "base")).EnumerateArray()];
        Assert.HasCount(2, reports);
        LlamaConfig config = LlamaConfig.Load(Path.Combine(EndToEnd.Folder, "base"));
        Assert.AreEqual(config.LayerCount, reports[0].GetProperty("layers").GetInt32());
        Assert.AreEqual(config.HiddenSize, reports[0].GetProperty("hidden_size").GetInt32());
        Assert.AreEqual(4 * reports[0].GetProperty("parameters").GetInt64(), reports[0].GetProperty("parameters_in_fp32").GetInt64());
        Microsoft.ML.Gmt.Text.TextTokenizer tokenizer = Microsoft.ML.Gmt.Text.TokenizerFolder.Load(Path.Combine(EndToEnd.Folder, "base"));
        Assert.AreEqual(tokenizer.VocabularySize, reports[1].GetProperty("vocabulary").GetInt32());
        Assert.AreEqual($"{tokenizer.EndOfSequenceId} (</s>)", reports[1].GetProperty("end_of_sequence").GetString());
    }

    [TestMethod]
    public void What_finetune_wrote_is_its_three_files()
    {
        JsonElement[] reports = [.. GmtRun.Json("info", Path.Combine(EndToEnd.Folder, "gmt")).EnumerateArray()];
        Assert.HasCount(3, reports);
        JsonElement config = EndToEnd.Read("gmt/gmt_config.json");
        Assert.AreEqual(config.GetProperty("memory_layers").GetString(), reports[0].GetProperty("memory_layers").GetString());
        Assert.AreEqual(config.GetProperty("mask_query").GetBoolean(), reports[0].GetProperty("mask_query").GetBoolean());
        Assert.IsTrue(reports[1].GetProperty("tensors").GetInt32() > 0 && reports[2].GetProperty("tensors").GetInt32() > 0);
    }

    [TestMethod]
    public void Graphs_and_instruction_data_are_counted()
    {
        using var folder = new TemporaryFolder();
        string graph = SmallGraph.Write(folder["graph"]);
        Assert.AreEqual(SmallGraph.Entities, GmtRun.Json("info", graph).GetProperty("entities").GetInt32());
        using (FileStream stream = File.Create(folder["saved"]))
        {
            KnowledgeGraphFormat.Save(KnowledgeGraphReader.Read(graph), stream);
        }

        Assert.AreEqual(SmallGraph.Entities, GmtRun.Json("info", folder["saved"]).GetProperty("entities").GetInt32());
        string row = """{"instruction": "Is it true?", "input": "( a, r, b )", "output": "True", "embedding_ids": [0, 1, 2]}""";
        JsonElement data = GmtRun.Json("info", folder.Write("rows.jsonl", $"{row}\n{row}\n"));
        Assert.AreEqual(2, data.GetProperty("rows").GetInt32());
        Assert.AreEqual(3, data.GetProperty("first_triple").GetArrayLength());
    }

    [TestMethod]
    public void Single_files_of_a_graph_and_a_vocabulary_are_counted()
    {
        using var folder = new TemporaryFolder();
        folder.With("train2id.txt", "2\n0 1 0\n1 0 0\n").With("entity2id.txt", "3\nNew York\t0\nb 1\n").With(
            "entity2text.txt", "a\tthe first\nb\tthe second\n")
            .With("vocab.txt", "[PAD]\nthe\n").With("broken.txt", "2\n0 1 0\nx\n");
        Assert.AreEqual(2, GmtRun.Json("info", folder["train2id.txt"]).GetProperty("triples").GetInt32());
        JsonElement names = GmtRun.Json("info", folder["entity2id.txt"]);
        Assert.AreEqual(2, names.GetProperty("names").GetInt32());
        Assert.AreEqual(3, names.GetProperty("promised_by_the_first_line").GetInt32());
        Assert.AreEqual(2, GmtRun.Json("info", folder["entity2text.txt"]).GetProperty("names").GetInt32());
        Assert.AreEqual(2, GmtRun.Json("info", folder["vocab.txt"]).GetProperty("tokens").GetInt32());
        StringAssert.Contains(GmtRun.Failed("info", folder["broken.txt"]), "of no kind that is known");
    }

    [TestMethod]
    public void What_is_nothing_known_is_a_failure_that_says_so()
    {
        using var folder = new TemporaryFolder();
        folder.With("notes", "note\n").With("empty", "").With("model.gguf", "GGUF\u0009\0\0\0");
        StringAssert.Contains(GmtRun.Failed("info", folder["empty"]), "is empty");
        StringAssert.Contains(GmtRun.Failed("info", folder["model.gguf"]), "version 9 of GGUF is not known");
        StringAssert.Contains(GmtRun.Failed("info", folder["nothing"]), "There is no file or folder");
        StringAssert.Contains(GmtRun.Failed("info", folder["notes"]), "of no kind that is known");
        StringAssert.Contains(GmtRun.Failed("info", folder.Path), "version 9 of GGUF is not known");
        File.Delete(folder["model.gguf"]);
        StringAssert.Contains(GmtRun.Failed("info", folder.Path), "holds no model, tokenizer, graph or checkpoint");
    }

    [TestMethod]
    public void A_folder_with_a_file_of_llama_cpp_is_a_language_model()
    {
        JsonElement[] reports = [.. GmtRun.Json("info", Goldens.RealModel("smollm2-135m-instruct-q4_1")).EnumerateArray()];
        Assert.HasCount(2, reports);
        StringAssert.EndsWith(reports[0].GetProperty("title").GetString(), "language model");
        Assert.AreEqual(30, reports[0].GetProperty("layers").GetInt32());
        Assert.IsTrue(reports[0].GetProperty("tied_embeddings").GetBoolean());
        StringAssert.Contains(reports[1].GetProperty("title").GetString(), "GGUF");
    }

    [TestMethod]
    public void Pointers_pages_and_texts_that_are_none_are_failures_that_say_so()
    {
        using var folder = new TemporaryFolder();
        folder.With("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n")
            .With("page.bin", "<!DOCTYPE html><html>").With("half.json", """{"a": "\ud800"}""").With("name.json", """{"\udfff": 1}""")
            .With("bytes.json", [(byte)'{', (byte)'"', 0x80, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        StringAssert.Contains(
            GmtRun.Failed("info", folder["model.safetensors"]), "Git LFS pointer, not the file itself. Run 'git lfs pull'");
        StringAssert.Contains(GmtRun.Failed("info", folder["page.bin"]), "HTML");
        StringAssert.Contains(GmtRun.Failed("info", folder["half.json"]), "$.a: not a valid string");
        StringAssert.Contains(GmtRun.Failed("info", folder["name.json"]), "a name is not valid text");
        StringAssert.Contains(GmtRun.Failed("info", folder["bytes.json"]), "not valid UTF-8");
    }

    [TestMethod]
    public void An_adapter_beside_a_model_is_mentioned()
    {
        using var folder = new TemporaryFolder();
        string model = Llm.ModelCopy.Write(folder["model"]);
        File.WriteAllText(Path.Combine(model, "adapter_config.json"), "{}");
        StringAssert.Contains(GmtRun.Json("info", model)[0].GetProperty("adapter").GetString(), "not applied");
    }
}
