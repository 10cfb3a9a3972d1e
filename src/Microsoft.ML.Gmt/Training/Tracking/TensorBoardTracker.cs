using TorchSharp.Modules;
using static TorchSharp.torch.utils;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Writes event files for TensorBoard, by TorchSharp's writer.</summary>
internal sealed class TensorBoardTracker : TrainingTracker
{
    private readonly SummaryWriter _writer;

    /// <summary>Makes the folder.</summary>
    /// <param name="folder">Where event files go.</param>
    public TensorBoardTracker(string folder)
    {
        Directory.CreateDirectory(folder);
        _writer = tensorboard.SummaryWriter(folder, createRunName: false);
    }

    /// <inheritdoc/>
    private protected override void Write(TrainingProgress value)
    {
        int step = (int)Math.Min(value.Step, int.MaxValue);
        if (value.IsValidation)
        {
            _writer.add_scalar($"{value.Stage}/metric", (float)value.Metric!.Value, step);
            return;
        }

        _writer.add_scalar($"{value.Stage}/loss", (float)value.Loss, step);
        _writer.add_scalar($"{value.Stage}/learning_rate", (float)value.LearningRate, step);
        _writer.add_scalar($"{value.Stage}/items_per_second", (float)value.ItemsPerSecond, step);
    }
}
