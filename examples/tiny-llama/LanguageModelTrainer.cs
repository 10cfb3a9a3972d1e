using System.Diagnostics;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Examples.TinyLlama;

/// <summary>How the model is trained.</summary>
internal sealed record TrainingOptions
{
    public int Epochs { get; init; } = 3;

    public int TokensInBatch { get; init; } = 2048;

    /// <summary>Highest learning rate: reached after the warm-up, from where it falls to a tenth along a cosine.</summary>
    public double LearningRate { get; init; } = 2.5e-3;

    public double WarmUpShare { get; init; } = 0.05;

    public double WeightDecay { get; init; } = 0.1;

    public double LargestGradientNorm { get; init; } = 1.0;

    public int Seed { get; init; } = 42;
}

/// <summary>Trains a causal language model: cross-entropy of each next token, AdamW.</summary>
internal sealed class LanguageModelTrainer(
    LlamaModel model, TrainingOptions options, IProgress<TrainingProgress> progress, CancellationToken cancellation)
{
    /// <summary>Trains until the epochs are over or the token cancels; what was learned until then stays in the model.</summary>
    /// <param name="rows">The texts as token ids.</param>
    /// <param name="afterEpoch">Called after each epoch, to save what there is.</param>
    /// <returns>Whether the training was completed.</returns>
    public bool Train(int[][] rows, Action afterEpoch)
    {
        RandomStreams streams = new(options.Seed);
        List<TokenBatch>[] epochs = [.. Enumerable.Range(0, options.Epochs)
            .Select(epoch => TokenRows.Shuffle(rows, options.TokensInBatch, streams.Stream("batches", epoch)))];
        int steps = epochs.Sum(batches => batches.Count);
        using optim.Optimizer optimizer = optim.AdamW(
            model.parameters(), options.LearningRate, beta1: 0.9, beta2: 0.95, weight_decay: options.WeightDecay);
        Stopwatch watch = Stopwatch.StartNew();
        int step = 0;
        long tokens = 0;
        model.train();
        for (int epoch = 0; epoch < epochs.Length; epoch++)
        {
            foreach (TokenBatch batch in epochs[epoch])
            {
                if (cancellation.IsCancellationRequested)
                {
                    model.eval();
                    return false;
                }

                foreach (optim.ILearningRateController group in optimizer.ParamGroups)
                {
                    group.LearningRate = RateAt(step, steps);
                }

                double loss = Step(batch, optimizer);
                step++;
                tokens += batch.Targets.Length;
                double rate = tokens / watch.Elapsed.TotalSeconds;
                progress.Report(new TrainingProgress(
                    "tiny-llama", epoch + 1, epochs.Length, step, steps, loss, null, rate, watch.Elapsed / step * (steps - step)));
            }

            afterEpoch();
        }

        model.eval();
        return true;
    }

    private double Step(TokenBatch batch, optim.Optimizer optimizer)
    {
        using DisposeScope scope = NewDisposeScope();
        optimizer.zero_grad();
        using Tensor loss = NextTokenLoss.Of(model, batch).mean();
        loss.backward();
        nn.utils.clip_grad_norm_(model.parameters(), options.LargestGradientNorm);
        optimizer.step();
        return loss.item<float>();
    }

    private double RateAt(int step, int steps)
    {
        double warmUp = Math.Max(1, steps * options.WarmUpShare);
        double done = (step - warmUp) / Math.Max(1, steps - warmUp);
        return options.LearningRate * (step < warmUp ? (step + 1) / warmUp : 0.1 + (0.45 * (1 + Math.Cos(Math.PI * done))));
    }
}

/// <summary>The negative log-likelihood of each next token.</summary>
internal static class NextTokenLoss
{
    /// <returns>[targets of the batch], natural logarithm.</returns>
    public static Tensor Of(LlamaModel model, TokenBatch batch)
    {
        Tensor ids = tensor(batch.Ids, [batch.Rows, batch.Length], dtype: ScalarType.Int64);
        Tensor hidden = model.RunLayers(model.Embed(ids), model.CreateContext(ids));                            // [rows, length, hidden]
        Tensor logits = model.LogitsAt(hidden, tensor(batch.Positions, dtype: ScalarType.Int64));                // [targets, vocabulary]
        return nn.functional.cross_entropy(logits, tensor(batch.Targets, dtype: ScalarType.Int64), reduction: nn.Reduction.None);
    }
}
