using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary>Writes the lines that transformers' Trainer prints: loss and rate every ten steps, and validation losses.</summary>
/// <param name="display">Where lines and progress go.</param>
/// <param name="schedule">The learning rate.</param>
/// <param name="microBatchesPerStep">Micro batches of a step.</param>
/// <param name="microBatchesPerEpoch">Micro batches that hold every row once.</param>
internal sealed class TrainerLog(TrainingDisplay display, LinearSchedule schedule, long microBatchesPerStep, long microBatchesPerEpoch)
    : IProgress<TrainingProgress>
{
    /// <summary>The log of a training run.</summary>
    public static TrainerLog Of(
        TrainingDisplay display, GmtTrainingOptions options, IReadOnlyList<TokenizedRow> rows, RandomStreams streams)
    {
        BatchSizes sizes = new(options.BatchSize, options.MicroBatchSize ?? options.BatchSize);
        RowBatches batches = new(rows, sizes, streams, options.GroupByLength, options.CarryIncompleteSteps);
        LinearSchedule schedule = new(
            options.LearningRate!.Value, batches.StepsPerEpoch * options.NumberOfEpochs!.Value, options.WarmupSteps!.Value);
        return new TrainerLog(
            display, schedule, Math.Min(sizes.AccumulationSteps, batches.MicroBatchesPerEpoch), batches.MicroBatchesPerEpoch);
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        string epoch = Rounded((double)(value.Step * microBatchesPerStep) / microBatchesPerEpoch, 2);
        if (value.IsValidation)
        {
            // The Trainer's loss is a number of 32 bits.
            display.WriteResult($"{{'eval_loss': {PythonNumber.Represent((float)value.Metric!.Value)}, 'epoch': {epoch}}}");
        }
        else if (value.Step % TrainingProgress.RecentSteps == 0)
        {
            string rate = PythonNumber.Represent(schedule.RateAt(value.Step));
            display.WriteResult($"{{'loss': {Rounded(value.RecentLoss, 4)}, 'learning_rate': {rate}, 'epoch': {epoch}}}");
        }

        display.Report(value);
    }

    /// <summary><c>repr(round(value, digits))</c>.</summary>
    private static string Rounded(double value, int digits) =>
        PythonNumber.TryParse(PythonNumber.Fixed(value, digits), out double rounded)
            ? PythonNumber.Represent(rounded)
            : PythonNumber.Represent(value);
}
