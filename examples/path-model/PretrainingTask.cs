using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Examples.PathModel;

/// <summary>Pre-training as a task of the training loop: in each step another subgraph, and questions about what it holds out.</summary>
internal sealed class PretrainingTask : ITrainingTask<QueryBatch>, IDisposable
{
    private readonly FoundationModule _module;
    private readonly PretrainingOptions _options;
    private readonly PretrainingData _data;
    private readonly Action<FoundationModule, double> _validated;
    private readonly RandomStreams _streams;
    private readonly SpentTime _spent = new();

    /// <param name="module">What is trained; not disposed.</param>
    /// <param name="options">How.</param>
    /// <param name="data">What subgraphs are drawn from.</param>
    /// <param name="validated">Receives the mean weights after each validation, with its figure.</param>
    public PretrainingTask(
        FoundationModule module, PretrainingOptions options, PretrainingData data, Action<FoundationModule, double> validated)
    {
        (_module, _options, _data, _validated, _streams) = (module, options, data, validated, new RandomStreams(options.Seed));
        (string Name, Parameter Parameter)[] trained = [.. module.named_parameters().Select(pair => (pair.name, pair.parameter))];
        Gradients = new GradientStep(
            trained.Select(pair => pair.Parameter),
            [new OptimizerGroup("optimizer", new FusedAdamW(trained, options.LearningRate, options.WeightDecay))],
            RateAt, options.LargestGradientNorm);
        Average = new WeightAverage(module, options.AverageDecay);
    }

    public string Stage => "path model";

    public int RowsPerEpoch => _options.StepsInEpoch * _options.QueriesInStep;

    public long StepsPerEpoch => _options.StepsInEpoch;

    public GradientStep Gradients { get; }

    public bool HasValidation => true;

    public bool IsHigherBetter => true;

    public IEnumerable<(string Name, ITrainingState State)> State =>
        [("weights", TrainingState.OfWeights(_module)), ("average", Average), ("spent", _spent)];

    /// <summary>The mean weights, which are the result.</summary>
    public WeightAverage Average { get; }

    /// <summary>CPU time of this process and of those that it goes on from.</summary>
    public TimeSpan CpuTime => _spent.Total;

    public IEnumerable<QueryBatch> Epoch(int epoch, long firstStep)
    {
        for (long step = firstStep; step < StepsPerEpoch; step++)
        {
            CounterRandom random = _streams.Stream("path-subgraphs", epoch, step);
            yield return _data.Draw(_options, ref random);
        }
    }

    // Subgraphs with few held-out facts have fewer questions; a step counts as a whole one in the rows of an epoch.
    public int RowsIn(QueryBatch batch) => _options.QueriesInStep;

    public double Take(QueryBatch batch, long step)
    {
        double value = Gradients.Take(step, RowsIn(batch), _ =>
        {
            using DisposeScope scope = NewDisposeScope();
            using FoundationGraph graph = batch.LayOut();
            Tensor loss = AnswerLoss.Of(FoundationForward.Scores(_module, graph, batch.Queries), batch, _options.BinaryWeight);
            loss.backward();
            return new PartLoss(loss.item<float>(), RowsIn(batch));
        });
        Average.Add(step + 1);
        return value;
    }

    public double Validate(CancellationToken cancellationToken)
    {
        double figure = _data.Validation.MeanReciprocalRank(Average.Module, cancellationToken);
        _validated(Average.Module, figure);
        return figure;
    }

    public void Refresh()
    {
        // Nothing is computed from the weights ahead of its use.
    }

    public IReadOnlyList<(string Name, string Value)> Identity() =>
        [("shape", _module.Shape.ToString()), ("options", _options.ToString()), .. _data.Identity()];

    public void Dispose()
    {
        Gradients.Dispose();
        Average.Dispose();
    }

    private double RateAt(long step) => _options.LearningRate * Math.Min(1, (step + 1.0) / _options.WarmUpSteps)
        / Math.Sqrt(1 + (Math.Max(0, step - _options.WarmUpSteps) / (double)_options.DecaySteps));
}
