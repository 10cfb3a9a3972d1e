using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>One optimizer step of a path model after another, on batches that the caller chooses.</summary>
internal sealed class PathStep : IDisposable
{
    private const double Beta2 = 0.99;

    private readonly IPathModule _module;
    private readonly double _weightPower;

    /// <param name="module">What is trained; not disposed.</param>
    /// <param name="options">Settled options.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="ranks">The processes that share each step; null for this one alone.</param>
    public PathStep(IPathModule module, PathTrainingOptions options, long steps, ICollective? ranks = null)
    {
        (_module, _weightPower) = (module, options.QuestionWeightPower!.Value);
        (string Name, Parameter Parameter)[] trained = [.. module.Weights.named_parameters().Select(pair => (pair.name, pair.parameter))];
        double rate = options.LearningRate!.Value;
        var schedule = new PolynomialSchedule(rate, steps, options.WarmupSteps!.Value, options.DecayPower);
        Gradients = new GradientStep(
            trained.Select(pair => pair.Parameter), [new("optimizer", new FusedAdamW(trained, rate, weightDecay: 0, beta2: Beta2))],
            schedule.RateAt, options.MaxGradientNorm, StepSharing.Of(ranks, options.Reproducible));
    }

    /// <summary>Moves the weights.</summary>
    public GradientStep Gradients { get; }

    /// <summary>Takes a step and returns the loss before it.</summary>
    /// <param name="batch">The questions of all processes.</param>
    /// <param name="step">Steps done before this one.</param>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; the weights are as they were.</exception>
    public double Take(PathTrainingQuery[] batch, long step)
    {
        return Gradients.Take(step, batch.Length, share =>
        {
            if (share.Count == 0)
            {
                return PartLoss.None;
            }

            using var scope = NewDisposeScope();
            Gradients.Sharing.Count(share.Count);
            PathTrainingQuery[] own = batch[share.First..share.End];
            Tensor loss = new RivalScores(_module.Scores(own), own, _weightPower).CrossEntropy();
            loss.backward();
            return new PartLoss(loss.item<float>(), RivalScores.WeightOf(own, _weightPower));
        });
    }

    /// <summary>Frees the optimizer's state.</summary>
    public void Dispose() => Gradients.Dispose();
}
