using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

/// <summary>
/// A task of one small parameter that walks away from 0, with noise from a generator. Its figure is best where the first weight passes
/// <see cref="Peak"/>.
/// </summary>
internal sealed class FakeTask : ITrainingTask<int[]>, IDisposable
{
    private readonly Parameter _weight;
    private readonly SeededDropout _noise;

    public FakeTask(int rows = 10, int batchSize = 3)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        (RowsPerEpoch, BatchSize) = (rows, batchSize);
        _weight = new Parameter(zeros(3));
        _weight.DetachFromDisposeScope();
        _noise = new SeededDropout(new RandomStreams(3).Generator("noise"));
        var optimizer = new FusedAdamW([("weight", _weight)], learningRate: 0.1, weightDecay: 0);
        Gradients = new GradientStep([_weight], [new("optimizer", optimizer)], step => 0.1 / (1 + step));
    }

    public int BatchSize { get; }

    /// <summary>Where the figure is best; weights grow by about 0.1, 0.05, 0.033 … a step.</summary>
    public double Peak { get; init; } = 0.3;

    public bool IsHigherBetter { get; init; } = true;

    public bool HasValidation { get; init; } = true;

    /// <summary>Called at the beginning of each validation.</summary>
    public Action OnValidation { get; init; } = () => { };

    /// <summary>The step, from 0, whose loss is no number; none by default.</summary>
    public long DivergesAt { get; init; } = -1;

    /// <summary>The validation, from 1, whose figure is no number; none by default.</summary>
    public int BadValidation { get; init; }

    public int Validations { get; private set; }

    public string Stage { get; init; } = "fake";

    public int RowsPerEpoch { get; }

    public long StepsPerEpoch => (RowsPerEpoch + BatchSize - 1) / BatchSize;

    public GradientStep Gradients { get; }

    public IEnumerable<(string Name, ITrainingState State)> State =>
        [("weights", TrainingState.OfWeights([("weight", _weight)])), ("noise", TrainingState.OfDropout(_noise))];

    public float[] Weights
    {
        get
        {
            using var scope = NewDisposeScope();
            return [.. _weight.detach().data<float>()];
        }
    }

    public IEnumerable<int[]> Epoch(int epoch, long firstStep)
    {
        int[] order = [.. Enumerable.Range(0, RowsPerEpoch)];
        CounterRandom random = new RandomStreams(1).Stream("rows", epoch);
        random.Shuffle(order.AsSpan());
        return order.Chunk(BatchSize).Skip((int)firstStep);
    }

    public int RowsIn(int[] batch) => batch.Length;

    public double Take(int[] batch, long step)
    {
        return Gradients.Take(step, batch.Length, _ =>
        {
            using var scope = NewDisposeScope();
            Tensor loss = _noise.Apply(tensor(batch.Sum(row => row + 1f)) - _weight, 0.2).square().sum();
            loss.backward();
            return new PartLoss(step == DivergesAt ? double.NaN : loss.item<float>(), 1);
        });
    }

    public double Validate(CancellationToken cancellationToken)
    {
        OnValidation();
        cancellationToken.ThrowIfCancellationRequested();
        Validations++;
        if (Validations == BadValidation)
        {
            return double.NaN;
        }

        double distance = Math.Abs(Weights[0] - Peak);
        return IsHigherBetter ? -distance : distance;
    }

    public void Refresh()
    {
    }

    public IReadOnlyList<(string Name, string Value)> Identity() => [("rows", $"{RowsPerEpoch}")];

    public void Dispose()
    {
        Gradients.Dispose();
        _noise.Dispose();
        _weight.Dispose();
    }
}
