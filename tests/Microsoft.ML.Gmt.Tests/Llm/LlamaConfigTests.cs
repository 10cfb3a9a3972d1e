using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LlamaConfigTests
{
    private const string Sizes =
        """ "vocab_size": 100, "hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4 """;

    [TestMethod]
    public void Absent_keys_have_the_defaults_of_the_library_that_wrote_the_file()
    {
        LlamaConfig config = Read($"{{ {Sizes} }}");
        Assert.AreEqual(4, config.KeyValueHeadCount);
        Assert.AreEqual(12, config.HeadSize);
        Assert.AreEqual(1e-6, config.NormEpsilon);
        Assert.AreEqual(new RotaryOptions(), config.Rotary);
        Assert.IsFalse(config.TieEmbeddings || config.QueryKeyValueBias || config.AttentionOutputBias || config.FeedForwardBias);
        Assert.IsEmpty(config.EndOfSequenceIds);
        Assert.IsNull(config.DataType);
    }

    [TestMethod]
    public void Both_spellings_of_rotary_positions_and_types_mean_the_same()
    {
        string older = """ "rope_theta": 5e5, "rope_scaling": {"type": "linear", "factor": 4.0}, "torch_dtype": "bfloat16", "head_dim": null """;
        string newer = """ "rope_parameters": {"rope_theta": 5e5, "rope_type": "linear", "factor": 4.0}, "dtype": "bfloat16" """;
        RotaryOptions expected = new() { Theta = 5e5, Scaling = RotaryScaling.Linear, Factor = 4 };
        foreach (string spelling in new[] { older, newer })
        {
            LlamaConfig config = Read($"{{ {Sizes}, {spelling} }}");
            Assert.AreEqual(expected, config.Rotary, spelling);
            Assert.AreEqual(ScalarType.BFloat16, config.DataType, spelling);
        }
    }

    [TestMethod]
    public void End_of_sequence_may_be_a_list_and_the_generation_file_has_the_last_word()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), $$"""{ {{Sizes}}, "eos_token_id": [2, 7] }""");
        CollectionAssert.AreEqual((int[])[2, 7], LlamaConfig.Load(folder.Path).EndOfSequenceIds.ToArray());
        File.WriteAllText(Path.Combine(folder.Path, "generation_config.json"), """{ "eos_token_id": 9 }""");
        CollectionAssert.AreEqual((int[])[9], LlamaConfig.Load(folder.Path).EndOfSequenceIds.ToArray());
    }

    [TestMethod]
    [DataRow(""" "model_type": "gpt_neox" """, "model_type 'gpt_neox'")]
    [DataRow(""" "rope_scaling": {"type": "yarn", "factor": 4.0} """, "rope_type 'yarn'")]
    [DataRow(""" "rope_parameters": {"rope_type": "longrope", "rope_theta": 1e4} """, "rope_type 'longrope'")]
    [DataRow(""" "partial_rotary_factor": 0.5 """, "partial_rotary_factor '0.5'")]
    [DataRow(""" "hidden_act": "gelu" """, "hidden_act 'gelu'")]
    [DataRow(""" "model_type": "mistral", "sliding_window": 4096 """, "sliding_window '4096'")]
    [DataRow(""" "model_type": "qwen2", "sliding_window": 8, "use_sliding_window": true """, "sliding_window '8'")]
    [DataRow(""" "layer_types": ["full_attention", "chunked_attention"] """, "layer_types 'chunked_attention'")]
    [DataRow(""" "quantization_config": {"bits": 4} """, "quantization_config")]
    public void What_would_give_wrong_numbers_is_refused_by_name(string keys, string named)
    {
        string message = Assert.ThrowsExactly<NotSupportedException>(() => Read($"{{ {Sizes}, {keys} }}")).Message;
        StringAssert.Contains(message, named);
        StringAssert.Contains(message, "config.json");
    }

    [TestMethod]
    [DataRow("{", "line 1, byte 2: not valid JSON")]
    [DataRow("[]", "expected an object, found an array")]
    [DataRow("""{ "vocab_size": 100 }""", "$.hidden_size: it is missing")]
    [DataRow("""{ "vocab_size": "many" }""", "$.vocab_size: expected an integer, found \"many\"")]
    [DataRow("""{ "vocab_size": 3000000000 }""", "$.vocab_size: expected an integer, found 3000000000")]
    [DataRow("{ SIZES, \"num_key_value_heads\": 3 }", "HeadCount 4 is not a multiple of KeyValueHeadCount 3")]
    [DataRow("{ SIZES, \"head_dim\": 7 }", "HeadSize is 7")]
    [DataRow("{ SIZES, \"head_dim\": -2 }", "HeadSize is -2")]
    [DataRow("{ SIZES, \"rope_scaling\": {\"type\": \"linear\"} }", "$.rope_scaling.factor: it is missing")]
    [DataRow("{ SIZES, \"rope_theta\": 0 }", "Theta is 0")]
    [DataRow("{ SIZES, \"rope_scaling\": {\"type\": \"linear\", \"factor\": -4} }", "Factor is -4")]
    [DataRow("{ SIZES, \"rope_scaling\": 4 }", "$.rope_scaling: expected an object, found 4")]
    [DataRow("{ SIZES, \"num_attention_heads\": 0 }", "HeadCount is 0")]
    [DataRow("{ SIZES, \"num_key_value_heads\": 0 }", "$.num_key_value_heads: expected a number from 1")]
    [DataRow("{ SIZES, \"num_attention_heads\": null }", "$.num_attention_heads: expected an integer, found null")]
    [DataRow("{ SIZES, \"head_dim\": 2147483646 }", "channels")]
    [DataRow("{ SIZES, \"rms_norm_eps\": -1 }", "NormEpsilon is -1")]
    [DataRow("{ SIZES, \"attention_dropout\": 1 }", "AttentionDropout is 1")]
    [DataRow("{ SIZES, \"max_position_embeddings\": 0 }", "MaxPositions is 0")]
    [DataRow("{ SIZES, \"rope_theta\": 1e300 }", "Theta is 1E+300")]
    [DataRow("{ SIZES, \"eos_token_id\": [2, null] }", "$.eos_token_id[1]: expected an integer, found null")]
    [DataRow("{ SIZES, \"model_type\": \"\\ud800\" }", "$.model_type: not a valid string")]
    [DataRow("{ SIZES, \"tie_word_embeddings\": 1 }", "$.tie_word_embeddings: expected true or false, found 1")]
    public void A_malformed_file_is_an_error_that_names_file_key_and_value(string json, string named)
    {
        string message = Assert.ThrowsExactly<GmtFileException>(() => Read(json.Replace("SIZES", Sizes, StringComparison.Ordinal))).Message;
        StringAssert.Contains(message, named);
        StringAssert.Contains(message, "config.json");
    }

    [TestMethod]
    public void Bytes_that_are_no_text_are_an_error_that_names_the_place()
    {
        using TemporaryFolder folder = new();
        byte[] json = [.. System.Text.Encoding.UTF8.GetBytes($"{{ {Sizes},\n \"eos_token_id\": [2, \""), 0x80, .. "\"]}"u8];
        string message = Assert.ThrowsExactly<GmtFileException>(() => LlamaConfig.Load(folder.With("config.json", json).Path)).Message;
        StringAssert.Contains(message, "line 2, offset");
        StringAssert.Contains(message, "not valid UTF-8");
    }

    [TestMethod]
    public void A_folder_without_configuration_says_what_is_needed()
    {
        using TemporaryFolder folder = new();
        string message = Assert.ThrowsExactly<FileNotFoundException>(() => LlamaConfig.Load(folder.Path)).Message;
        StringAssert.Contains(message, folder.Path);
        StringAssert.Contains(message, "config.json");
    }

    private static LlamaConfig Read(string json)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), json);
        return LlamaConfig.Load(folder.Path);
    }
}
