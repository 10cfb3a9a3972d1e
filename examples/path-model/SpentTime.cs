using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Examples.PathModel;

/// <summary>CPU time that a run has taken, over all processes that went on with it.</summary>
internal sealed class SpentTime : ITrainingState
{
    private double _before;

    /// <summary>All of it.</summary>
    public TimeSpan Total => TimeSpan.FromSeconds(_before) + Environment.CpuUsage.TotalTime;

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State() =>
        [KeyValuePair.Create("seconds", tensor(Total.TotalSeconds, ScalarType.Float64, CPU))];

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state) =>
        _before = TrainingState.Get(state, "seconds", ScalarType.Float64).item<double>() - Environment.CpuUsage.TotalTime.TotalSeconds;
}
