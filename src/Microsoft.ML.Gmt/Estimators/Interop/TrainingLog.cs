using System.Globalization;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// Reports progress: a line in <c>MLContext.Log</c> for each epoch, and every ten seconds within one; each step to the listener of the
/// options.
/// </summary>
/// <param name="channel">The host's channel.</param>
/// <param name="listener">Hears of each step as well; null for no progress reports.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class TrainingLog(IChannel channel, IProgress<TrainingProgress>? listener, TimeProvider? time = null)
    : IProgress<TrainingProgress>
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long _lastLine = (time ?? TimeProvider.System).GetTimestamp();
    private TrainingProgress? _last;
    private double _losses;
    private int _steps;

    /// <summary>Tells of a base model what was decided for the user: the type that it computes in.</summary>
    public static void Tell(IChannel channel, LanguageModel baseModel)
    {
        if (baseModel.ComputeNote is { } note)
        {
            channel.Info(MessageSensitivity.None, note);
        }
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (_last is { } last && last.Epoch != value.Epoch)
        {
            WriteEpoch(last);
        }

        if (_last?.Step != value.Step)
        {
            // A validation figure is reported with the step that it follows.
            _losses += value.Loss;
            _steps++;
        }

        _last = value;
        if (_time.GetElapsedTime(_lastLine) >= ReadingLog.Pause)
        {
            Write(value, $", step {value.Step:n0} of {value.Steps:n0}", value.RecentLoss);
        }

        listener?.Report(value);
    }

    /// <summary>Writes the line of the last epoch, and what came of the training run.</summary>
    /// <param name="result">The outcome.</param>
    /// <param name="metric">What validation measures, such as <c>loss</c>.</param>
    public void Finish(TrainingResult result, string metric)
    {
        if (_last is { } last)
        {
            WriteEpoch(last);
        }

        _last = null;
        if (result.IsCancelled)
        {
            channel.Warning(MessageSensitivity.None, string.Create(
                CultureInfo.InvariantCulture,
                $"The training run was cancelled after {result.History.Steps.Count:n0} steps; what was learned so far is kept."));
        }

        if (result.BestEpoch is { } best)
        {
            string end = result.IsStoppedEarly ? "stopped early, " : "";
            channel.Info(MessageSensitivity.None, string.Create(
                CultureInfo.InvariantCulture, $"{end}kept epoch {best}, with a {metric} of {result.BestMetric:f4} in validation."));
        }
    }

    private void WriteEpoch(TrainingProgress progress)
    {
        Write(progress, $"", _losses / _steps);
        (_losses, _steps) = (0, 0);
    }

    private void Write(TrainingProgress progress, FormattableString place, double loss)
    {
        string metric = progress.Metric is { } figure ? string.Create(CultureInfo.InvariantCulture, $", validation {figure:f4}") : "";
        channel.Info(MessageSensitivity.None, string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Stage}, epoch {progress.Epoch} of {progress.Epochs}{FormattableString.Invariant(place)}: loss {loss:f4}{metric}, "
            + $"{progress.ItemsPerSecond:n0} rows/s, {Text(progress.Remaining)} left"));
        _lastLine = _time.GetTimestamp();
    }

    private static string Text(TimeSpan left) => string.Create(
        CultureInfo.InvariantCulture, $"{(left.Days > 0 ? $"{left.Days}." : "")}{left:h\\:mm\\:ss}");
}
