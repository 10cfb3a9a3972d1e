using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Llm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class GmtModelTests
{
    private static readonly Triple Known = new(0, 0, 1);
    private static readonly Triple Lonely = new(5, 0, 5);

    [TestMethod]
    public void Parameters_have_the_names_and_shapes_of_the_reference()
    {
        using var tiny = new TinyGmt();
        ShapeSnapshot.Check(tiny.Model.Encoder, "memory-encoder");
        ShapeSnapshot.Check(tiny.Model.MemoryLayers.Values.Last(), "memory-layer");
    }

    [TestMethod]
    public void An_untrained_memory_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using var tiny = new TinyGmt(openGates: false);
        Tensor ids = TinyLlama.Row(TinyLlama.Prompt(9, 1));
        Tensor plain = tiny.BaseModel.Forward(ids), reading = tiny.Model.Forward(ids, null, tiny.Memory(Known));
        Near.Absolute(plain, reading, 0, "logits");
    }

    [TestMethod]
    public void A_lone_row_and_a_row_of_a_batch_have_the_same_memory()
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using var tiny = new TinyGmt();
        Triple[] triples = [Known, Lonely, new Triple(2, 1, 4), new Triple(5, 1, 4)];
        Tensor together = tiny.Memory(triples);
        for (int row = 0; row < triples.Length; row++)
        {
            Near.Absolute(together.narrow(0, row, 1), tiny.Memory(triples[row]), 1e-6, $"row {row}");
        }

        Tensor bias = tiny.Model.Encoder.Projection.Bias!;
        Near.Absolute(bias.expand_as(together[1]), together[1], 0, "a triple without edges");
    }

    [TestMethod]
    public void A_row_without_evidence_in_a_batch_leaves_all_gradients_finite()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyGmt();
        tiny.Model.SetTrainable(graphModule: true, crossAttentionBase: true);
        Tensor ids = TinyLlama.Row(TinyLlama.Prompt(9, 1)).expand(3, -1);
        LanguageModelLoss.Of(tiny.BaseModel, ids, null, ids, tiny.Model.Read(tiny.Memory(Known, Lonely, Lonely))).backward();
        foreach (Tensor parameter in tiny.Model.TrainableParameters())
        {
            Assert.IsTrue(parameter.grad is null || parameter.grad.isfinite().all().item<bool>());
        }

        Assert.IsGreaterThan(0, tiny.Model.Encoder.Tokenizer.Queries.grad!.abs().max().item<float>());
        Assert.IsTrue(tiny.BaseModel.parameters().All(parameter => parameter.grad is null || !parameter.requires_grad));
    }

    [TestMethod]
    public void Shared_key_and_value_heads_are_repeated_so_that_attention_starts_as_the_layers_own()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyGmt();
        LlamaConfig config = tiny.BaseModel.Config;
        Assert.IsLessThan(config.HeadCount, config.KeyValueHeadCount, "the test needs a model with grouped heads");
        foreach ((int layer, MemoryLayer reader) in tiny.Model.MemoryLayers)
        {
            Tensor shared = tiny.BaseModel.Layers[layer].Attention.Key.Weight, full = reader.get_parameter("memory_attn.k_proj.weight")!;
            for (int head = 0; head < config.HeadCount; head++)
            {
                int source = head / (config.HeadCount / config.KeyValueHeadCount);
                Near.Absolute(
                    shared.narrow(0, source * config.HeadSize, config.HeadSize), full.narrow(0, head * config.HeadSize, config.HeadSize), 0,
                    $"head {head}");
            }
        }
    }

    [TestMethod]
    public void A_base_in_half_precision_reads_a_memory_in_single_precision()
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using TinyGmt half = new(dtype: ScalarType.BFloat16), single = new();
        Tensor ids = TinyLlama.Row(TinyLlama.Prompt(9, 1));
        Assert.IsTrue(half.Model.TrainableParameters().All(parameter => parameter.dtype == ScalarType.Float32));
        Tensor expected = single.Model.Forward(ids, null, single.Memory(Known)), actual = half.Model.Forward(ids, null, half.Memory(Known));
        double error = (expected - actual).square().mean().sqrt().item<float>() / expected.square().mean().sqrt().item<float>();
        Assert.IsLessThan(0.03, error, "relative root mean square error");
    }

    [TestMethod]
    public void The_weights_of_edges_sum_to_one_and_follow_the_attention_over_single_edges()
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using var tiny = new TinyGmt();
        TripleEvidence evidence = tiny.Model.CollectEvidence([Known, Lonely, new Triple(1, 1, 4)], QueryMask.None);
        IReadOnlyList<float[]> weights = tiny.Model.EdgeWeights(evidence);
        for (int row = 0; row < weights.Count; row++)
        {
            Assert.HasCount(evidence.Rows[row].Edges.Count, weights[row]);
            Assert.AreEqual(weights[row].Length == 0 ? 0 : 1, weights[row].Sum(), 1e-5f);
            foreach (var alike in weights[row].Zip(evidence.Rows[row].States).GroupBy(pair => pair.Second))
            {
                Assert.HasCount(1, alike.Select(pair => pair.First).Distinct().ToArray(), "edges with one state share its weight");
            }
        }
    }

    [TestMethod]
    public void A_frozen_model_remembers_the_same_until_it_is_trained_again()
    {
        using var scope = NewDisposeScope();
        using var tiny = new TinyGmt();
        TripleEvidence evidence = tiny.Model.CollectEvidence([Known, Lonely, new Triple(1, 1, 4)], QueryMask.Full);
        Tensor expected = tiny.Model.Encoder.Encode(evidence).detach();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => tiny.Model.Scorer).Message, "Freeze");
        IReadOnlyList<float[]> weights = tiny.Model.EdgeWeights(evidence);
        tiny.Model.Freeze();
        Assert.IsEmpty(tiny.Model.TrainableParameters());
        Assert.HasCount(1, EntityRanking.Rank(tiny.Model.Scorer, [Known], filter: null, QueryMask.Full));
        Assert.IsNull(tiny.Model.Scorer.FittedOn, "nobody knows what its graph module was trained on");
        for (int time = 0; time < 2; time++)
        {
            Near.Absolute(expected, tiny.Model.Remember(evidence), 2e-6, "memory");
            foreach ((float[] before, float[] frozen) in weights.Zip(tiny.Model.EdgeWeights(evidence)))
            {
                CollectionAssert.AreEqual(
                    before.Select(weight => MathF.Round(weight, 4)).ToArray(), frozen.Select(weight => MathF.Round(weight, 4)).ToArray());
            }
        }

        tiny.Model.SetTrainable(graphModule: true, crossAttentionBase: false);
        using (no_grad())
        {
            tiny.Model.Encoder.GraphModule.parameters().First(parameter => parameter.dim() == 2).mul_(-1);
        }

        Tensor changed = tiny.Model.Encoder.Encode(evidence).detach();
        Assert.IsGreaterThan(1e-3f, (changed - expected).abs().max().item<float>());
        Near.Absolute(changed, tiny.Model.Remember(evidence), 0, "memory of changed weights");
    }

    [TestMethod]
    public void Nothing_stays_behind()
    {
        void Work()
        {
            using var scope = NewDisposeScope();
            using var tiny = new TinyGmt();
            Tensor ids = TinyLlama.Row(TinyLlama.Prompt(9, 1));
            LanguageModelLoss.Of(tiny.BaseModel, ids, null, ids, tiny.Model.Read(tiny.Memory(Known))).backward();
            tiny.Model.Freeze();
            tiny.Model.EdgeWeights(tiny.Model.CollectEvidence([Known], QueryMask.Full));
        }

        Work();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount, there = -1;
        Work();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Thread thread = new(() =>
        {
            Work();
            there = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        });
        thread.Start();
        thread.Join();
        Assert.AreEqual(0, there);
    }
}
