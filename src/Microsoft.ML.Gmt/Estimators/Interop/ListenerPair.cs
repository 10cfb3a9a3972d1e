using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

/// <summary>Two listeners of one training.</summary>
internal sealed class ListenerPair : IProgress<TrainingProgress>
{
    private readonly IProgress<TrainingProgress> _first;
    private readonly IProgress<TrainingProgress> _second;

    private ListenerPair(IProgress<TrainingProgress> first, IProgress<TrainingProgress> second) => (_first, _second) = (first, second);

    /// <summary>Both; the one that there is; or null. One that is given twice hears once.</summary>
    public static IProgress<TrainingProgress>? Of(IProgress<TrainingProgress>? first, IProgress<TrainingProgress>? second) =>
        first is null || ReferenceEquals(first, second) ? second : second is null ? first : new ListenerPair(first, second);

    public void Report(TrainingProgress value)
    {
        _first.Report(value);
        _second.Report(value);
    }
}
