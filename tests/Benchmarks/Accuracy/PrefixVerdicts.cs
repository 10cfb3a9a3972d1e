using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Benchmarks.Accuracy;

/// <summary>
/// Features as tokens before the question, as KoPA (arXiv 2310.06671) puts embeddings there: the same network makes the same number of
/// tokens as in GMT's memory, but all layers read them by their own frozen attention. Nothing but that network learns.
/// </summary>
/// <param name="model">The language model, frozen.</param>
/// <param name="questions">The questions.</param>
internal sealed class PrefixVerdicts(LlamaModel model, LabeledQuestions questions)
{
    private const int JudgedAtOnce = 32;

    /// <summary>Learns from labeled rows and judges others.</summary>
    /// <param name="columns">The features.</param>
    /// <param name="learned">Rows to learn from.</param>
    /// <param name="held">Rows that choose the epoch.</param>
    /// <param name="judged">Rows to judge.</param>
    /// <param name="options">Rate, epochs, seed.</param>
    /// <returns>Log-odds of the judged rows, and the best epoch.</returns>
    public (float[] LogOdds, int Epoch) Learn(
        FeatureMatrix columns, int[] learned, int[] held, int[] judged, GmtTrainingOptions options)
    {
        using DisposeScope scope = NewDisposeScope();
        var streams = new RandomStreams(options.Seed!.Value);
        var shape = new FeatureMemoryShape(
            new FeatureMemoryOptions(), FeatureScaling.Fit([.. learned.Select(row => columns.Row(row).ToArray())], columns.Slots));
        var features = new FeatureMemory(shape, model.Config.HiddenSize, streams, budget: null);
        (string Name, Parameter Parameter)[] trained = [.. features.Network.named_parameters()];
        GmtTrainingOptions settled = options.Settled(learned.Length, model.Config.HiddenSize);
        int epochs = settled.NumberOfEpochs!.Value, steps = (learned.Length + options.BatchSize - 1) / options.BatchSize;
        var schedule = new LinearSchedule(settled.LearningRate!.Value, (long)epochs * steps, settled.WarmupSteps!.Value);
        using var gradients = new GradientStep(
            trained.Select(pair => pair.Parameter),
            [new("optimizer", new FusedAdamW(trained, settled.LearningRate!.Value, weightDecay: 0))], schedule.RateAt,
            settled.MaxGradientNorm);
        using Generator generator = streams.Generator("prefix-order");
        (double least, float[] best, int chosen) = (double.PositiveInfinity, [], 0);
        long step = 0;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            using DisposeScope epochScope = NewDisposeScope();
            long[] order = [.. randperm(learned.Length, generator: generator).data<long>()];
            foreach (long[] batch in order.Chunk(options.BatchSize))
            {
                gradients.Take(step++, batch.Length, _ =>
                {
                    using DisposeScope stepScope = NewDisposeScope();
                    Tensor loss = Loss(features, columns, [.. batch.Select(place => learned[place])]);
                    loss.backward();
                    return new PartLoss(loss.item<float>(), batch.Length);
                });
            }

            using IDisposable inference = no_grad();
            double total = held.Chunk(JudgedAtOnce).Sum(rows =>
            {
                using DisposeScope heldScope = NewDisposeScope();
                return Loss(features, columns, rows).item<float>() * rows.Length;
            });
            if (total < least)
            {
                (least, chosen, best) = (total, epoch, [.. judged.Chunk(JudgedAtOnce).SelectMany(rows => Judge(features, columns, rows))]);
            }
        }

        return (best, chosen);
    }

    private float[] Judge(FeatureMemory features, FeatureMatrix columns, int[] places)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = Logits(features, questions.Rows(places, columns));                           // [batch, vocabulary]
        return [.. (logits.select(1, questions.True) - logits.select(1, questions.False)).contiguous().data<float>()];
    }

    private Tensor Loss(FeatureMemory features, FeatureMatrix columns, int[] places)
    {
        TokenizedRow[] rows = questions.Rows(places, columns);
        return nn.functional.cross_entropy(
            Logits(features, rows), tensor(rows.Select(row => (long)row.Ids[^1]).ToArray()));
    }

    /// <summary>Logits of the answer: [batch, vocabulary].</summary>
    private Tensor Logits(FeatureMemory features, TokenizedRow[] rows)
    {
        int tokens = features.Shape.Options.Tokens;
        int[] room = new int[tokens];
        TokenBatch batch = model.CreateBatch([.. rows.Select(row => (int[])[.. room, .. row.Ids.SkipLast(1)])]);
        Tensor prefix = features.Encode([.. rows.Select(row => row.Features!)], model.Device);       // [batch, tokens, hidden]
        long length = batch.InputIds.size(1);
        long[] places = [.. rows.SelectMany((row, i) => Enumerable.Range(0, tokens).Select(
            token => (i * length) + length - tokens - row.Ids.Count + 1 + token))];
        Tensor words = model.Embed(batch.InputIds);                                                  // [batch, query, hidden]
        Tensor start = words.reshape(-1, words.size(2))
            .index_copy(0, tensor(places), prefix.reshape(-1, words.size(2)).to_type(words.dtype)).view_as(words);
        Tensor hidden = model.RunLayers(start, model.CreateContext(batch.InputIds, batch.AttentionMask), keepLast: 1);
        return model.Logits(model.FinalNorm(hidden.squeeze(1)));
    }
}
