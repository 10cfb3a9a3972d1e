using System.Text.Json;
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

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.IsLessThanOrEqualTo(tolerance, (expected - actual).abs().max().item<float>());
    }
}
