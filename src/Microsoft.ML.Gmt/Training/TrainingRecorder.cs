using System.Diagnostics;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Keeps the history of a training run and reports progress.</summary>
/// <param name="stage">What is trained.</param>
/// <param name="epochs">Epochs asked for.</param>
/// <param name="totalSteps">Steps of the whole run.</param>
/// <param name="rowsPerEpoch">Rows that an epoch goes through.</param>
/// <param name="listener">Receives the state after each step; null for no progress reports.</param>
internal sealed class TrainingRecorder(
    string stage, int epochs, long totalSteps, long rowsPerEpoch, IProgress<TrainingProgress>? listener) : ITrainingState
{
    private readonly List<TrainingStep> _steps = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _rows;
    private long _rowsBefore;
    private double? _metric;
    private double _epochLoss;
    private int _epochSteps;

    /// <summary>The steps so far.</summary>
    public TrainingHistory History => new([.. _steps]);

    /// <summary>How many steps there were.</summary>
    public long StepsDone => _steps.Count;

    /// <summary>Whether the last step has a validation figure.</summary>
    public bool IsMeasured => _steps is [.., { Metric: not null }];

    /// <summary>Notes a step.</summary>
    public void Add(int epoch, int rows, double loss, double learningRate, TimeSpan took)
    {
        _rows += rows;
        NoteLoss(epoch, loss);
        _steps.Add(new TrainingStep(_steps.Count + 1, epoch, loss, learningRate, rows / Math.Max(took.TotalSeconds, 1e-9)));
        Report(isValidation: false);
    }

    /// <summary>Puts a validation figure to the last step.</summary>
    public void AddMetric(double metric)
    {
        _metric = metric;
        if (_steps.Count > 0)
        {
            _steps[^1] = _steps[^1] with { Metric = metric };
            Report(isValidation: true);
        }
    }

    /// <inheritdoc/>
    IReadOnlyList<KeyValuePair<string, Tensor>> ITrainingState.State() =>
    [
        KeyValuePair.Create("rows", tensor(_rowsBefore + _rows, device: CPU)),
        KeyValuePair.Create("epoch", tensor(_steps.ConvertAll(step => (long)step.Epoch), device: CPU)),
        Column("loss", step => step.Loss),
        Column("learning_rate", step => step.LearningRate),
        Column("items_per_second", step => step.ItemsPerSecond),
        Column("metric", step => step.Metric ?? double.NaN),
    ];

    /// <inheritdoc/>
    void ITrainingState.Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        long[] epoch = [.. TrainingState.GetVector(state, "epoch", ScalarType.Int64).data<long>()];
        double[] Read(string name) => [.. TrainingState.Get(state, name, ScalarType.Float64, epoch.Length).data<double>()];
        double[] loss = Read("loss"), rate = Read("learning_rate"), speed = Read("items_per_second"), metric = Read("metric");
        long rows = TrainingState.Get(state, "rows", ScalarType.Int64).item<long>();
        if (rows < 0 || epoch.Length > totalSteps || Array.Exists(epoch, value => value < 1 || value > epochs))
        {
            throw new GmtFileException($"a history of at most {totalSteps} steps in {epochs} epochs is expected");
        }

        if (!loss.Concat(rate).Concat(speed).All(double.IsFinite) || Array.Exists(metric, double.IsInfinity))
        {
            throw new GmtFileException("the history holds numbers that are not finite");
        }

        _steps.Clear();
        for (int i = 0; i < epoch.Length; i++)
        {
            NoteLoss((int)epoch[i], loss[i]);
            _steps.Add(new TrainingStep(i + 1, (int)epoch[i], loss[i], rate[i], speed[i], double.IsNaN(metric[i]) ? null : metric[i]));
        }

        _metric = _steps.FindLast(step => step.Metric is not null)?.Metric;
        (_rowsBefore, _rows) = (rows, 0);
    }

    private void NoteLoss(int epoch, double loss)
    {
        bool begins = _steps.Count == 0 || _steps[^1].Epoch != epoch;
        (_epochLoss, _epochSteps) = begins ? (loss, 1) : (_epochLoss + loss, _epochSteps + 1);
    }

    private KeyValuePair<string, Tensor> Column(string name, Converter<TrainingStep, double> value) =>
        KeyValuePair.Create(name, tensor(_steps.ConvertAll(value), ScalarType.Float64, CPU));

    private void Report(bool isValidation)
    {
        if (listener is null)
        {
            return;
        }

        TrainingStep last = _steps[^1];

        // A run that goes on may begin with a validation, before any step of its own.
        double rate = _rows > 0 ? _rows / Math.Max(Stopwatch.GetElapsedTime(_started).TotalSeconds, 1e-9) : last.ItemsPerSecond;
        double left = Math.Max(0, ((double)rowsPerEpoch * epochs) - _rowsBefore - _rows) / Math.Max(rate, 1e-9);
        listener.Report(new TrainingProgress(
            stage, last.Epoch, epochs, last.Step, totalSteps, last.Loss, _metric, rate, TimeSpan.FromSeconds(Math.Min(left, 1e9)))
        {
            LearningRate = last.LearningRate,
            EpochLoss = _epochLoss / _epochSteps,
            RecentLoss = _steps.TakeLast(TrainingProgress.RecentSteps).Average(step => step.Loss),
            IsValidation = isValidation,
        });
    }
}
