using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>One optimizer step of an embedding after another, on batches that the caller chooses.</summary>
internal sealed class KgeStep : IDisposable
{
    private const long Mean = 1, Sum = 2;

    private readonly KgeModule _module;
    private readonly KgeTrainingOptions _options;
    private readonly KgePenalty? _penalty;

    /// <param name="module">What is trained; not disposed.</param>
    /// <param name="options">Settled options.</param>
    /// <param name="ranks">The processes that share each step; null for this one alone.</param>
    public KgeStep(KgeModule module, KgeTrainingOptions options, ICollective? ranks = null)
    {
        (_module, _options) = (module, options);
        _penalty = options.Regularizer == KgeRegularizer.None ? null : new KgePenalty(module, options);
        double rate = options.LearningRate!.Value;
        (string Name, Parameter Parameter)[] trained = [.. module.named_parameters().Select(pair => (pair.name, pair.parameter))];
        IOptimizer optimizer = options.Optimizer == KgeOptimizer.Adagrad
            ? new FusedAdagrad(trained, rate)
            : new FusedAdamW(trained, rate, weightDecay: 0);
        Gradients = new GradientStep(
            trained.Select(pair => pair.Parameter), [new("optimizer", optimizer)], _ => rate,
            sharing: StepSharing.Of(ranks, options.Reproducible));
    }

    /// <summary>Moves the vectors.</summary>
    public GradientStep Gradients { get; }

    /// <summary>Takes a step and returns the loss before it, the penalty included.</summary>
    /// <param name="batch">The queries of all processes.</param>
    /// <param name="step">Steps done before this one.</param>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; the vectors are as they were.</exception>
    public double Take(KgeBatch batch, long step)
    {
        return Gradients.Take(step, batch.Count, share =>
        {
            if (share.Count == 0)
            {
                return PartLoss.None;
            }

            using var scope = NewDisposeScope();
            Gradients.Sharing.Count(share.Count);
            Tensor loss = Loss(batch.Part(share));
            loss.backward();
            return new PartLoss(loss.item<float>(), share.Count);
        });
    }

    /// <summary>The loss of a batch, differentiable: a scalar.</summary>
    public Tensor Loss(KgeBatch batch)
    {
        Tensor queries = _module.Queries(batch.Given, batch.Relations, batch.TailQueries);              // [queries, width]
        Tensor loss = _options.Loss switch
        {
            KgeLoss.OneVsAll => OneVsAll(_module.ScoreAll(queries), batch),
            KgeLoss.KvsAll => KvsAll(_module.ScoreAll(queries), batch),
            _ => Sampled(_module.ScoreCandidates(queries, batch.Candidates!).view(batch.Count, -1)),
        };
        return _penalty is null ? loss : loss + _penalty.Of(batch);
    }

    public void Dispose() => Gradients.Dispose();

    /// <summary>Mean cross-entropy over queries.</summary>
    private Tensor OneVsAll(Tensor scores, KgeBatch batch) => AtenDispatcher.Call(
        "aten::cross_entropy_loss", "", scores, tensor(batch.Answers, device: CPU), AtenArgument.None, Mean, -100L,
        _options.LabelSmoothing);

    /// <summary>Binary cross-entropy: sum over entities, mean over queries.</summary>
    private Tensor KvsAll(Tensor scores, KgeBatch batch)
    {
        long entities = scores.size(1);
        double smoothing = _options.LabelSmoothing;
        long[] places = Array.ConvertAll(batch.Answers, answer => answer);
        for (int i = 0; i < places.Length; i++)
        {
            places[i] += batch.AnswerRows[i] * entities;
        }

        Tensor labels = full([batch.Count * entities], smoothing / entities, ScalarType.Float32, CPU);  // [queries · entities]
        labels.index_fill_(0, tensor(places, device: CPU), 1 - smoothing + (smoothing / entities));
        return AtenDispatcher.Call(
            "aten::binary_cross_entropy_with_logits", "", scores, labels.view(batch.Count, entities), AtenArgument.None,
            AtenArgument.None, Sum) / batch.Count;
    }

    /// <summary>Half of −log σ(γ + s⁺) − Σ p log σ(−γ − s⁻), mean over queries; no gradient flows through p.</summary>
    /// <param name="scores">[queries, 1 + negatives].</param>
    private Tensor Sampled(Tensor scores)
    {
        double margin = _options.Margin!.Value, temperature = _options.AdversarialTemperature;
        Tensor positives = scores.narrow(1, 0, 1) + margin, negatives = scores.narrow(1, 1, scores.size(1) - 1) + margin;
        Tensor losses = nn.functional.logsigmoid(-negatives);                                           // [queries, negatives]
        Tensor weighted = temperature == 0
            ? losses.mean([1])
            : ((negatives.detach() * temperature).softmax(1) * losses).sum(1);                          // [queries]
        return -(nn.functional.logsigmoid(positives).mean() + weighted.mean()) / 2;
    }
}
