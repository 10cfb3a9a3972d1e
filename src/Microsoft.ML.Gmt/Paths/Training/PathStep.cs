using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>One optimizer step of a path model after another, on batches that the caller chooses.</summary>
internal sealed class PathStep : IDisposable
{
    private const double Beta2 = 0.99;

    // Counts as no score at all beside any other; infinity would have no gradient where all entities are known.
    private const float Nothing = -1e30f;

    private readonly IPathModule _module;

    /// <param name="module">What is trained; not disposed.</param>
    /// <param name="options">Settled options.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public PathStep(IPathModule module, PathTrainingOptions options, long steps)
    {
        _module = module;
        (string Name, Parameter Parameter)[] trained = [.. module.Weights.named_parameters().Select(pair => (pair.name, pair.parameter))];
        double rate = options.LearningRate!.Value;
        var schedule = new PolynomialSchedule(rate, steps, options.WarmupSteps, options.DecayPower);
        Gradients = new GradientStep(
            trained.Select(pair => pair.Parameter), [new("optimizer", new FusedAdamW(trained, rate, weightDecay: 0, beta2: Beta2))],
            schedule.RateAt, options.MaxGradientNorm);
    }

    /// <summary>Moves the weights.</summary>
    public GradientStep Gradients { get; }

    /// <summary>Takes a step and returns the loss before it.</summary>
    /// <param name="batch">The questions.</param>
    /// <param name="step">Steps done before this one.</param>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; the weights are as they were.</exception>
    public double Take(PathTrainingQuery[] batch, long step)
    {
        using var scope = NewDisposeScope();
        Tensor loss = Loss(_module.Scores(batch), batch);
        loss.backward();
        double value = loss.item<float>();
        Gradients.Apply(step, value);
        return value;
    }

    /// <summary>
    /// Mean over questions of the mean over their answers of −log softmax of the answer's score beside those of all entities that are not
    /// known to be answers.
    /// </summary>
    /// <param name="scores">[questions, entities].</param>
    /// <param name="batch">The questions.</param>
    public static Tensor Loss(Tensor scores, PathTrainingQuery[] batch)
    {
        long entities = scores.size(1);
        long[] known = [.. batch.SelectMany((query, row) => query.Known.Select(entity => (row * entities) + entity))];
        long[] answers = [.. batch.SelectMany((query, row) => query.Answers.Select(entity => (row * entities) + entity))];
        long[] rows = [.. batch.SelectMany((query, row) => query.Answers.Select(_ => (long)row))];
        float[] weights = [.. batch.SelectMany(query => query.Answers.Select(_ => 1f / (query.Answers.Length * batch.Length)))];
        Tensor flat = scores.view(-1);
        Tensor others = flat.index_fill(0, tensor(known, device: CPU), Nothing).view(batch.Length, entities).logsumexp(1);  // [questions]
        Tensor ofAnswers = flat.index_select(0, tensor(answers, device: CPU));                                  // [answers]
        Tensor behind = others.index_select(0, tensor(rows, device: CPU)) - ofAnswers;                          // [answers]
        return (nn.functional.softplus(behind) * tensor(weights, device: CPU)).sum();
    }

    /// <summary>Frees the optimizer's state.</summary>
    public void Dispose() => Gradients.Dispose();
}
