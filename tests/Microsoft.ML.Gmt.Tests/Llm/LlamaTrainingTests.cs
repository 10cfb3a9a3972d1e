using Microsoft.ML.Gmt.Llm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LlamaTrainingTests
{
    [TestMethod]
    public void Gradients_equal_finite_differences_of_the_loss()
    {
        using IDisposable thread = TinyLlama.OneThread();
        using LlamaModel model = TinyLlama.Create();
        using TokenBatch batch = TokenBatch.PadLeft([TinyLlama.Prompt(6, 1), TinyLlama.Prompt(4, 2)]);
        using (Tensor loss = Loss(model, batch))
        {
            loss.backward();
        }

        using IDisposable frozen = no_grad();
        foreach ((string name, Tensor parameter) in model.named_parameters())
        {
            using DisposeScope scope = NewDisposeScope();

            // Along the gradient itself the slope is its norm: one figure that every entry takes part in.
            Tensor gradient = parameter.grad!;
            double norm = gradient.norm().item<float>();
            Tensor step = gradient.mul(5e-3 / norm);
            parameter.add_(step);
            double above = Loss(model, batch).item<float>();
            parameter.sub_(step).sub_(step);
            double below = Loss(model, batch).item<float>();
            parameter.add_(step);
            Assert.AreEqual(norm, (above - below) / 1e-2, Math.Max(0.02 * norm, 1e-3), name);
        }
    }

    [TestMethod]
    public void A_model_trained_from_scratch_learns_its_text()
    {
        using IDisposable thread = TinyLlama.OneThread();
        using LlamaModel model = TinyLlama.Create(TinyLlama.Config with { InitializerRange = 0.02 });
        using optim.Optimizer optimizer = optim.AdamW(model.parameters(), lr: 1e-2);
        using TokenBatch batch = TokenBatch.PadLeft([TinyLlama.Prompt(12, 1), TinyLlama.Prompt(9, 2)]);
        double first = 0, last = 0;
        for (int step = 0; step < 60; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor loss = Loss(model, batch);
            loss.backward();
            optimizer.step();
            last = loss.item<float>();
            first = step == 0 ? last : first;
        }

        Assert.AreEqual(Math.Log(model.Config.VocabularySize), first, 0.3, "an untrained model knows nothing");
        Assert.IsLessThan(0.1, last);
    }

    [TestMethod]
    public void A_frozen_model_records_no_gradient_of_its_own_but_lets_those_above_the_hook_through()
    {
        using LlamaModel model = TinyLlama.Create();
        foreach (Tensor parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor gate = ones(1, requires_grad: true);
        Tensor ids = TinyLlama.Row(TinyLlama.Prompt(5, 1));
        bool recordedBelow = true;
        Tensor logits = model.Forward(ids, hook: (layer, hidden, _) =>
        {
            recordedBelow = layer == 1 ? hidden.requires_grad : recordedBelow;
            return layer == 1 ? hidden * gate : hidden;
        });
        Assert.IsFalse(recordedBelow);
        logits.square().mean().backward();
        Assert.AreNotEqual(0f, gate.grad!.item<float>());
        Assert.IsTrue(model.parameters().All(parameter => parameter.grad is null));
    }

    /// <summary>Mean cross-entropy of each next token.</summary>
    private static Tensor Loss(LlamaModel model, TokenBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        long length = batch.InputIds.size(1);
        Tensor logits = model.Forward(batch.InputIds, batch.AttentionMask).narrow(1, 0, length - 1);
        Tensor mask = batch.AttentionMask!;
        Tensor labels = batch.InputIds.masked_fill(mask.eq(0), -100).narrow(1, 1, length - 1);
        labels = labels.masked_fill(mask.narrow(1, 0, length - 1).eq(0), -100); // [batch, query − 1]
        return nn.functional.cross_entropy(
            logits.reshape(-1, logits.size(-1)), labels.reshape(-1), ignore_index: -100).MoveToOuterDisposeScope();
    }
}
