using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Training;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>What a training run keeps, and what an archive of ours holds.</summary>
internal static class StateTargets
{
    private static readonly TrainingLoopOptions Options = new(
        NumberOfEpochs: 2, EarlyStoppingPatience: null, Checkpoint: null, Progress: null);

    /// <summary>The state of an interrupted training run, which a small one takes up.</summary>
    public static void TrainingState(byte[] input)
    {
        TorchRuntime.EnsureLoaded();
        using var task = new FakeTask { Peak = 1 };
        string path = FuzzFile.Write("training.safetensors", input);
        var checkpoint = new TrainingCheckpointOptions { Path = path, Resume = true, Interval = TimeSpan.MaxValue };
        using CancellationTokenSource stop = new();
        stop.Cancel();
        TrainingLoop<int[]>.Run(task, Options with { Checkpoint = checkpoint }, stop.Token);
    }

    /// <summary>The history of a training run.</summary>
    public static void History(byte[] input)
    {
        using MemoryStream stream = new(input);
        HistoryFile.Read(stream);
    }
}
