using System.Diagnostics;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Keeps a training's history and tells the listener.</summary>
/// <param name="stage">What is trained.</param>
/// <param name="epochs">Epochs asked for.</param>
/// <param name="totalSteps">Steps of the whole training.</param>
/// <param name="rowsPerEpoch">Rows that an epoch goes through.</param>
/// <param name="listener">Receives the state after each step; null for nobody.</param>
internal sealed class TrainingRecorder(string stage, int epochs, long totalSteps, long rowsPerEpoch, IProgress<TrainingProgress>? listener)
{
    private readonly List<TrainingStep> _steps = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _rows;
    private double? _metric;

    /// <summary>The steps so far.</summary>
    public TrainingHistory History => new([.. _steps]);

    /// <summary>How many steps there were.</summary>
    public long StepsDone => _steps.Count;

    /// <summary>Notes a step.</summary>
    public void Add(int epoch, int rows, double loss, double learningRate, TimeSpan took)
    {
        _rows += rows;
        _steps.Add(new TrainingStep(_steps.Count + 1, epoch, loss, learningRate, rows / Math.Max(took.TotalSeconds, 1e-9)));
        Report();
    }

    /// <summary>Puts a validation figure to the last step.</summary>
    public void AddMetric(double metric)
    {
        _metric = metric;
        if (_steps.Count > 0)
        {
            _steps[^1] = _steps[^1] with { Metric = metric };
            Report();
        }
    }

    private void Report()
    {
        if (listener is null)
        {
            return;
        }

        TrainingStep last = _steps[^1];
        double rate = _rows / Math.Max(Stopwatch.GetElapsedTime(_started).TotalSeconds, 1e-9);
        double left = Math.Max(0, ((double)rowsPerEpoch * epochs) - _rows) / rate;
        listener.Report(new TrainingProgress(
            stage, last.Epoch, epochs, last.Step, totalSteps, last.Loss, _metric, rate, TimeSpan.FromSeconds(Math.Min(left, 1e9))));
    }
}
