using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Training;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>What a training run keeps, and what an archive of ours holds.</summary>
internal static class StateTargets
{
    private static readonly TrainingLoopOptions Options = new(
        NumberOfEpochs: 1, EarlyStoppingPatience: null, Checkpoint: null, Progress: null);

    /// <summary>
    /// The state of an interrupted training run, which one of two steps takes up and ends. The hashes are listed anew: they would stop
    /// every change before it is seen what becomes of it.
    /// </summary>
    public static void TrainingState(byte[] input)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        string path = FuzzFile.Write("training.safetensors", WithRightHashes(input));
        using var task = new FakeTask(rows: 2, batchSize: 1) { Peak = 1 };
        var checkpoint = new TrainingCheckpointOptions { Path = path, Resume = true, Interval = TimeSpan.MaxValue };
        try
        {
            TrainingLoop<int[]>.Run(task, Options with { Checkpoint = checkpoint }, CancellationToken.None);
        }
        catch (NotFiniteNumberException diverged)
        {
            throw new NotSupportedException(diverged.Message, diverged); // huge weights are no damage, and a run from there says so
        }
    }

    /// <summary>A safetensors file in which the hash of each tensor is right that has one</summary>
    private static byte[] WithRightHashes(byte[] input)
    {
        using MemoryStream stream = new(input);
        using SafetensorsFile file = SafetensorsFile.Read(stream, "training.safetensors");
        KeyValuePair<string, Tensor>[] tensors = [.. file.Names.Select(name => KeyValuePair.Create(name, file.Get(name)))];
        Dictionary<string, string> metadata = new(file.Metadata), hashes = [];
        TensorHashes.Add(tensors, hashes);
        foreach ((string name, string hash) in hashes)
        {
            if (metadata.ContainsKey(name))
            {
                metadata[name] = hash;
            }
        }

        using MemoryStream changed = new();
        SafetensorsWriter.Write(changed, tensors, metadata);
        return changed.ToArray();
    }

    /// <summary>The history of a training run.</summary>
    public static void History(byte[] input)
    {
        using MemoryStream stream = new(input);
        HistoryFile.Read(stream);
    }
}
