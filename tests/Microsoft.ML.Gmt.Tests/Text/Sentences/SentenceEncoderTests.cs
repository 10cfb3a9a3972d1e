using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class SentenceEncoderTests
{
    // README-llm: fp32 against fp64 differs by 3e-7, advised are 5e-6.
    private const double Tolerance = 5e-6;

    [TestMethod]
    public void Vectors_tokens_and_hidden_states_are_those_recorded()
    {
        using DisposeScope scope = NewDisposeScope();
        using SentenceEncoder encoder = SentenceEncoder.Load(Goldens.RealModel("all-minilm-l6-v2"));
        string folder = Goldens.Root("llm/minilm");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        string[] texts = [.. golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        Assert.AreEqual(golden.RootElement.GetProperty("max_seq_length").GetInt32(), encoder.MaximumTokens);
        AssertClose(expected.Get("embeddings"), encoder.Encode(texts), Tolerance);
        AssertClose(expected.Get("embeddings_batch_of_one"), encoder.Encode(texts, batchSize: 1), Tolerance);
        for (int i = 0; i < texts.Length; i++)
        {
            long[] tokens = [.. encoder.Tokenize(texts[i])];
            CollectionAssert.AreEqual(expected.Get($"text{i}.input_ids").data<long>().ToArray(), tokens);
            if (expected.Contains($"text{i}.hidden0"))
            {
                int layer = 0;
                foreach (Tensor hidden in encoder.HiddenStates(texts[i]))
                {
                    AssertClose(expected.Get($"text{i}.hidden{layer++}"), hidden[0], 2e-5);
                }

                Assert.IsFalse(expected.Contains($"text{i}.hidden{layer}"));
            }
        }
    }

    [TestMethod]
    public void Vectors_do_not_hang_on_the_batch_size_or_the_other_texts()
    {
        using DisposeScope scope = NewDisposeScope();
        using SentenceEncoder encoder = SentenceEncoder.Load(Goldens.RealModel("all-minilm-l6-v2"));
        string[] texts = ["", "spouse", "a much longer text than the others, with commas, in the middle", "cast member"];
        Tensor together = encoder.Encode(texts);
        for (int i = 0; i < texts.Length; i++)
        {
            AssertClose(together[i], tensor(encoder.Encode(texts[i])), Tolerance);
        }

        CollectionAssert.AreEqual(new long[] { 0, encoder.Dimension }, encoder.Encode([]).shape);
    }

    [TestMethod]
    public void A_folder_of_another_model_is_refused()
    {
        string other = Goldens.Cases("llm/tokenizers", folder => File.Exists(Path.Combine(folder, "tokenizer_config.json")))[0];
        FileNotFoundException error = Assert.ThrowsExactly<FileNotFoundException>(() => SentenceEncoder.Load(other));
        StringAssert.Contains(error.Message, "modules.json", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("\\u0000")]
    [DataRow("a\\nb")]
    [DataRow("..")]
    [DataRow("../x")]
    [DataRow("\\ud800")]
    [DataRow(null)]
    public void A_module_whose_path_is_no_folder_name_is_refused(string? path)
    {
        using var folder = new TemporaryFolder();
        TinySentenceModel.Write(folder.Path);
        string modules = File.ReadAllText(folder["modules.json"]);
        StringAssert.Contains(modules, "1_Pooling");
        File.WriteAllText(folder["modules.json"], modules.Replace("1_Pooling", path ?? new string('x', 300), StringComparison.Ordinal));
        string message = Assert.ThrowsExactly<GmtFileException>(() => SentenceEncoder.Load(folder.Path)).Message;
        StringAssert.Contains(message, "modules.json, $[1].path");
    }

    [TestMethod]
    public void A_token_added_beyond_the_vocabulary_is_refused_only_in_a_text_that_spells_it()
    {
        using var folder = new TemporaryFolder();
        using SentenceEncoder plain = SentenceEncoder.Load(TinySentenceModel.Write(folder.Path));
        using var other = new TemporaryFolder();
        TinySentenceModel.Write(other.Path);
        string config = File.ReadAllText(other["config.json"]);
        other.Write("config.json", config.Replace("{", "{\"vocab_size\": 56,", StringComparison.Ordinal));
        string tokenizer = File.ReadAllText(other["tokenizer.json"]);
        other.Write("tokenizer.json", tokenizer.Replace(
            "\"added_tokens\":[", "\"added_tokens\":[{\"id\": 56, \"content\": \"<extra>\", \"special\": true},",
            StringComparison.Ordinal));
        using SentenceEncoder extended = SentenceEncoder.Load(other.Path);
        CollectionAssert.AreEqual(plain.Encode("some text"), extended.Encode("some text"));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => extended.Encode("some <extra> text")).Message, "'<extra>', token 56");
        other.Write("config.json", config.Replace("{", "{\"vocab_size\": 55,", StringComparison.Ordinal));
        StringAssert.Contains(
            Assert.ThrowsExactly<GmtFileException>(() => SentenceEncoder.Load(other.Path)).Message,
            "ids up to 55, the model's vocabulary ends at 54");
    }

    [TestMethod]
    public void An_adapter_beside_the_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        TinySentenceModel.Write(folder.Path);
        folder.Write("adapter_config.json", "{}");
        StringAssert.Contains(
            Assert.ThrowsExactly<NotSupportedException>(() => SentenceEncoder.Load(folder.Path)).Message, "merge_and_unload");
    }

    [TestMethod]
    public void Weights_that_do_not_fit_the_configuration_are_refused_by_name_and_leave_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        TinySentenceModel.Write(folder.Path);
        string config = File.ReadAllText(folder["config.json"]);
        long before = Live;
        WeightFileException missing = Refusal("\"num_hidden_layers\":2", "\"num_hidden_layers\":3");
        Assert.AreEqual("encoder.layer.2.attention.self.query.weight", missing.TensorName);
        WeightFileException wrong = Refusal("\"intermediate_size\":16", "\"intermediate_size\":12");
        Assert.AreEqual("encoder.layer.0.intermediate.dense.weight", wrong.TensorName);
        StringAssert.Contains(wrong.Message, "[16, 8]; the configuration asks for [12, 8]");
        Assert.AreEqual(before, Live);

        WeightFileException Refusal(string from, string to)
        {
            StringAssert.Contains(config, from);
            File.WriteAllText(folder["config.json"], config.Replace(from, to, StringComparison.Ordinal));
            return Assert.ThrowsExactly<WeightFileException>(() => SentenceEncoder.Load(folder.Path));
        }
    }

    [TestMethod]
    public void Nothing_stays_behind_of_an_encoder_that_is_disposed()
    {
        using var folder = new TemporaryFolder();
        TinySentenceModel.Write(folder.Path);
        long before = Live;
        using (SentenceEncoder encoder = SentenceEncoder.Load(folder.Path))
        {
            Assert.HasCount(TinySentenceModel.Dimension, encoder.Encode("text"));
        }

        Assert.AreEqual(before, Live);
    }

    // Of this thread. (Tensor.TotalCount counts a tensor that becomes a parameter twice and never forgets the first.)
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.IsLessThanOrEqualTo(tolerance, (expected - actual).abs().max().item<float>());
    }
}
