using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class GgufFileTests
{
    [TestMethod]
    [DataRow("F32")]
    [DataRow("F16")]
    [DataRow("BF16")]
    [DataRow("Q4_0")]
    [DataRow("Q4_1")]
    [DataRow("Q5_0")]
    [DataRow("Q5_1")]
    [DataRow("Q8_0")]
    public void Blocks_become_the_bits_of_ggml(string type)
    {
        using DisposeScope scope = NewDisposeScope();
        using GgufFile file = GgufFile.Open(Goldens.Root($"llm/gguf/types/{type}.gguf"));
        using SafetensorsFile expected = SafetensorsFile.Open(Goldens.Root($"llm/gguf/types/{type}.safetensors"));
        Assert.AreEqual(type, file.Info("w").StorageType);
        Tensor values = file.Get("w");
        Assert.AreEqual(ScalarType.Float32, values.dtype);
        CollectionAssert.AreEqual(new long[] { 3, 768 }, values.shape);
        CollectionAssert.AreEqual(
            expected.Get("w").to_type(ScalarType.Float32).contiguous().bytes.ToArray(), values.contiguous().bytes.ToArray());
    }

    [TestMethod]
    [DataRow("Q2_K")]
    [DataRow("Q6_K")]
    [DataRow("IQ4_NL")]
    public void Other_types_are_refused_by_name(string type)
    {
        using GgufFile file = GgufFile.Open(Goldens.Root($"llm/gguf/types/{type}.gguf"));
        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => file.Get("w"));
        StringAssert.Contains(error.Message, $"its type {type} is not read; Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, F32, F16 and BF16 are");
    }

    [TestMethod]
    public void Settings_are_read_by_their_kind_and_others_refused()
    {
        using GgufFile file = GgufFile.Open(
            Path.Combine(Goldens.RealModel("smollm2-135m-instruct-q4_1"), "SmolLM2-135M-Instruct.Q4_1.gguf"));
        Assert.AreEqual("llama", file.Text("general.architecture"));
        Assert.AreEqual(30, file.Integer("llama.block_count"));
        Assert.AreEqual(100_000, file.Number("llama.rope.freq_base"));
        Assert.IsFalse(file.Flag("tokenizer.ggml.add_bos_token"));
        Assert.IsNull(file.Integer("llama.expert_count"));
        IReadOnlyList<string> tokens = file.Texts("tokenizer.ggml.tokens");
        Assert.HasCount(49_152, tokens);
        Assert.AreEqual("<|im_start|>", tokens[1]);
        Assert.AreEqual("ectable", tokens[^1]);
        Assert.AreEqual(3, file.Integers("tokenizer.ggml.token_type")[16]);
        Assert.AreEqual(1, file.Integers("tokenizer.ggml.token_type")[17]);
        foreach (Action wrong in new Action[]
        {
            () => file.Integer("general.architecture"), () => file.Text("llama.block_count"), () => file.Flag("llama.block_count"),
            () => file.Texts("tokenizer.ggml.token_type"), () => file.Integers("tokenizer.ggml.scores"),
        })
        {
            StringAssert.Contains(Assert.ThrowsExactly<WeightFileException>(wrong).Message, "the setting '");
        }
    }
}
