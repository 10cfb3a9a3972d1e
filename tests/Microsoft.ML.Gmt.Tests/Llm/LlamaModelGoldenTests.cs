using System.Globalization;
using Microsoft.ML.Gmt.Llm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LlamaModelGoldenTests
{
    // fp32 against fp64 is 6e-5, transformers 4.36 against 5.23 the same: five times that (goldens/README-llm.md).
    private const double LogitTolerance = 3e-4;

    private static readonly string[] UnsupportedFeatures =
        ["rope_type 'dynamic'", "rope_type 'yarn'", "sliding_window '", "model_type 'qwen3'", "model_type 'phi3'", "model_type 'smollm3'"];

    [TestMethod]
    public void The_model_types_of_the_plain_decoder_are_all_supported()
    {
        // What distinguishes the other folders (windows, norms on queries and keys, fused projections, other rope types) is in their
        // configuration.
        List<string> refused = [];
        foreach (LlamaGolden golden in LlamaGolden.All())
        {
            using LlamaGolden owned = golden;
            try
            {
                LlamaConfig.Load(golden.Folder);
            }
            catch (NotSupportedException refusal)
            {
                refused.Add(refusal.Message);
            }
        }

        Assert.IsTrue(refused.TrueForAll(message => UnsupportedFeatures.Any(message.Contains)), string.Join("\n", refused));
    }

    [TestMethod]
    public void Logits_of_every_prompt_equal_Hugging_Face() => ForEachModel((golden, model) =>
    {
        foreach ((string name, int[] ids) in golden.Prompts)
        {
            using Tensor logits = model.Forward(TinyLlama.Row(ids)).squeeze(0);
            AssertClose(golden.Tensor($"logits.{name}"), logits, LogitTolerance, $"{golden.Name}, prompt {name}");
        }
    });

    [TestMethod]
    public void Hidden_states_of_every_layer_equal_Hugging_Face() => ForEachModel((golden, model) =>
    {
        Tensor ids = TinyLlama.Row(golden.HiddenPrompt);
        AttentionContext context = model.CreateContext(ids);
        Tensor hidden = model.Embed(ids);
        Check("hidden.embed", hidden);
        for (int layer = 0; layer < model.Layers.Count; layer++)
        {
            hidden = model.RunLayers(hidden, context, layer, layer + 1);
            Check(string.Create(CultureInfo.InvariantCulture, $"hidden.layer{layer}"), hidden);
        }

        Check("hidden.norm", model.FinalNorm(hidden));

        void Check(string name, Tensor actual)
        {
            Tensor expected = golden.Tensor(name);
            double tolerance = 1e-4 + (1e-5 * expected.abs().max().item<float>());
            AssertClose(expected, actual.squeeze(0), tolerance, $"{golden.Name}, {name}");
        }
    });

    [TestMethod]
    public void A_left_padded_batch_has_the_logits_of_each_row_alone() => ForEachModel((golden, model) =>
    {
        using TokenBatch batch = TokenBatch.PadLeft([.. golden.Prompts.Values]);
        Assert.IsTrue(batch.InputIds.eq(golden.Tensor("padded.input_ids")).all().item<bool>(), $"{golden.Name}: token ids");
        Assert.IsTrue(batch.AttentionMask!.eq(golden.Tensor("padded.attention_mask")).all().item<bool>(), $"{golden.Name}: mask");
        Tensor logits = model.Forward(batch.InputIds, batch.AttentionMask); // [batch, query, vocabulary]
        Assert.IsTrue(logits.isfinite().all().item<bool>(), $"{golden.Name}: padding has infinite logits");
        int row = 0;
        foreach ((string name, int[] ids) in golden.Prompts)
        {
            Tensor valid = logits[row++].narrow(0, logits.size(1) - ids.Length, ids.Length);
            string key = golden.Has($"padded_logits.{name}") ? $"padded_logits.{name}" : $"logits.{name}";
            AssertClose(golden.Tensor(key), valid, LogitTolerance, $"{golden.Name}, padded {name}");
        }
    });

    [TestMethod]
    public void Greedy_tokens_equal_Hugging_Face_one_row_at_a_time_and_in_a_batch() => ForEachModel((golden, model) =>
    {
        int count = golden.Greedy.Values.First().Length;
        GreedyDecoder decoder = new(model, new GreedyOptions { MaxNewTokens = count, StopAtEndOfSequence = false });
        IReadOnlyList<IReadOnlyList<int>> together = decoder.Generate([.. golden.Prompts.Values]);
        int row = 0;
        foreach ((string name, int[] ids) in golden.Prompts)
        {
            CollectionAssert.AreEqual(golden.Greedy[name], decoder.Generate([ids])[0].ToArray(), $"{golden.Name}, prompt {name} alone");
            CollectionAssert.AreEqual(golden.Greedy[name], together[row++].ToArray(), $"{golden.Name}, prompt {name} in a batch");
        }
    });

    private static void ForEachModel(Action<LlamaGolden, LlamaModel> check)
    {
        using IDisposable thread = TinyLlama.OneThread();
        foreach (LlamaGolden golden in LlamaGolden.Supported())
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            using LlamaGolden owned = golden;
            using LlamaModel model = LlamaModel.Load(golden.Folder, ScalarType.Float32);
            check(golden, model);
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance, string what)
    {
        using DisposeScope scope = NewDisposeScope();
        CollectionAssert.AreEqual(expected.shape, actual.shape, what);
        double difference = (expected - actual).abs().max().item<float>();
        Assert.IsLessThanOrEqualTo(tolerance, difference, what);
    }
}
