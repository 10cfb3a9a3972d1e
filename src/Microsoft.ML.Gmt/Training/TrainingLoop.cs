using System.Diagnostics;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// The course of every training run: epochs of optimizer steps, validation, the best weights, early stopping, cancellation, checkpoints,
/// progress. What is trained, and how, is the task's.
/// </summary>
/// <remarks>
/// A run that goes on from a checkpoint takes the steps and the validations that are left, and ends with the bits of one that never
/// stopped. A checkpoint after the last step of an epoch belongs to that epoch: its validation may be yet to come.
/// <para>Where several processes train together (<see cref="StepSharing"/>), all go through the same steps: a cancellation of one takes
/// effect in all before the same step, rank 0's validation figure counts in all, rank 0 alone reports progress and writes checkpoints,
/// which all read.</para>
/// </remarks>
/// <typeparam name="TBatch">What one optimizer step learns from.</typeparam>
internal sealed class TrainingLoop<TBatch>
{
    private readonly ITrainingTask<TBatch> _task;
    private readonly TrainingLoopOptions _options;
    private readonly long _stepsPerEpoch;
    private readonly TrainingRecorder _recorder;
    private readonly BestWeights _best;
    private readonly TrainingCheckpoint _checkpoint;
    private readonly ICollective _ranks;
    private bool _isStopped;

    private TrainingLoop(ITrainingTask<TBatch> task, TrainingLoopOptions options, BestWeights best)
    {
        (_task, _options, _best, _ranks) = (task, options, best, task.Gradients.Sharing.Ranks);
        _stepsPerEpoch = task.StepsPerEpoch;
        _recorder = new TrainingRecorder(
            task.Stage, options.NumberOfEpochs, _stepsPerEpoch * options.NumberOfEpochs, task.RowsPerEpoch,
            _ranks.Rank == 0 ? options.Progress : null);
        _checkpoint = new TrainingCheckpoint(
            options.Checkpoint,
            () => [("stage", task.Stage), .. task.Identity()],
            [.. task.State, .. task.Gradients.States, ("history", _recorder), ("best", _best)]);
    }

    /// <summary>Trains from the beginning, or from the checkpoint where the options say so.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="options">How long, and what is kept.</param>
    /// <param name="cancellationToken">
    /// Ends the run after the current step, or within a validation, with a checkpoint if one is to be kept. No exception is thrown.
    /// </param>
    /// <returns>History and counts; the task's model has the last weights, or those of the best validation.</returns>
    /// <exception cref="GmtFileException">The checkpoint is of another training run, or damaged.</exception>
    /// <exception cref="IOException">Another run keeps its state in the same file.</exception>
    /// <exception cref="CollectiveException">The ranks would not compute the same, or one has failed.</exception>
    /// <exception cref="NotFiniteNumberException">
    /// The run has diverged: loss, gradients, weights or a validation figure are not finite. The weights are not moved by such a step, and
    /// the checkpoint stays as it was kept last, which is finite.
    /// </exception>
    public static TrainingResult Run(ITrainingTask<TBatch> task, TrainingLoopOptions options, CancellationToken cancellationToken)
    {
        using FileLock? held =
            options.Checkpoint is { } checkpoint && task.Gradients.Sharing.Ranks.Rank == 0 ? Hold(checkpoint.Path) : null;
        using var best = new BestWeights(task.Gradients.Parameters);
        return new TrainingLoop<TBatch>(task, options, best).Run(cancellationToken);
    }

    /// <summary>Two runs that keep their states in one file would destroy each other's.</summary>
    private static FileLock Hold(string path)
    {
        string held = path + ".lock";
        return FileLock.TryTake(held) ?? throw new IOException(
            $"Another training run keeps its state in '{path}' (it holds '{held}'). Wait for its end, or choose another file.");
    }

    private TrainingResult Run(CancellationToken cancellationToken)
    {
        Begin();
        (bool isOutOfPatience, bool isCancelled) = (false, false);
        try
        {
            isOutOfPatience = RunEpochs(cancellationToken);
        }
        catch (OperationCanceledException) when (_isStopped || cancellationToken.IsCancellationRequested)
        {
            isCancelled = true;
        }
        catch (NotFiniteNumberException e) when (_options.Checkpoint is { Path: var path } && File.Exists(path))
        {
            throw new NotFiniteNumberException($"{e.Message} The last state that was kept is in {path}.", e.OffendingNumber, e);
        }

        _task.Gradients.CheckWeights(_recorder.StepsDone);
        if (_ranks.Rank == 0 && (isCancelled || _options.Checkpoint is { KeepsEnd: true }))
        {
            _checkpoint.Save();
        }

        _best.Restore();
        _task.Refresh();
        bool isComplete = _recorder.StepsDone == _stepsPerEpoch * _options.NumberOfEpochs;
        return new TrainingResult(
            _recorder.History, _task.RowsPerEpoch, _best.Epoch, _best.Figure, isOutOfPatience && !isComplete, isCancelled)
        {
            RowsTaken = _task.Gradients.Sharing.RowsTaken,
        };
    }

    /// <summary>Goes on from the checkpoint where that is wanted, once it is known that all ranks would compute the same.</summary>
    private void Begin()
    {
        if (_ranks.Size > 1)
        {
            IEnumerable<(string Name, Parameter Parameter)> trained =
                _task.Gradients.Parameters.Select((parameter, i) => ($"{i}", parameter));
            _ranks.Check([("stage", _task.Stage), .. _task.Identity(), ("initial weights", WeightHash.Of(trained))]);
        }

        if (_checkpoint.TryResume())
        {
            _task.Refresh();
        }

        if (_ranks.Size > 1)
        {
            // Only now may rank 0 replace the file: all have read it.
            _ranks.Check([("the number of steps in the checkpoint, a file that all ranks must see,", $"{_recorder.StepsDone}")]);
        }
    }

    /// <summary>Ends the run before the next step where any rank was cancelled.</summary>
    private void StopIfCancelled(CancellationToken cancellationToken)
    {
        if (_ranks.Any(cancellationToken.IsCancellationRequested))
        {
            _isStopped = true;
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Runs what is left of the epochs, and says whether patience ran out.</summary>
    private bool RunEpochs(CancellationToken cancellationToken)
    {
        ValidateIfDue(cancellationToken);
        bool isOutOfPatience = false;
        for (int epoch = EpochsBefore(_recorder.StepsDone); epoch < _options.NumberOfEpochs && !isOutOfPatience; epoch++)
        {
            foreach (TBatch batch in _task.Epoch(epoch, _recorder.StepsDone - (epoch * _stepsPerEpoch)))
            {
                StopIfCancelled(cancellationToken);
                Take(batch, epoch);
                SaveIfDue();
                ValidateIfDue(cancellationToken);
            }

            isOutOfPatience = _best.Epoch is { } best && epoch + 1 - best >= _options.EarlyStoppingPatience;
        }

        return isOutOfPatience;
    }

    private void Take(TBatch batch, int epoch)
    {
        long started = Stopwatch.GetTimestamp();
        double rate = _task.Gradients.RateAt(_recorder.StepsDone), loss = _task.Take(batch, _recorder.StepsDone);
        _recorder.Add(epoch + 1, _task.RowsIn(batch), loss, rate, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>
    /// Validates where the last step asks for it and has no figure yet, as after a run that was cut short in its validation.
    /// </summary>
    private void ValidateIfDue(CancellationToken cancellationToken)
    {
        long steps = _recorder.StepsDone;
        if (!_task.HasValidation || steps == 0 || steps % (_options.ValidationSteps ?? _stepsPerEpoch) != 0 || _recorder.IsMeasured)
        {
            return;
        }

        double figure = Measure(steps, cancellationToken);
        _recorder.AddMetric(figure);
        if (_best.Figure is not { } previous || (_task.IsHigherBetter ? figure > previous : figure < previous))
        {
            _task.Gradients.CheckWeights(steps);
            _best.Keep(figure, EpochsBefore(steps) + 1, copy: _options.KeepBestWeights);
        }

        SaveIfDue();
    }

    /// <summary>Rank 0's figure; its cancellation within the validation counts in all ranks.</summary>
    private double Measure(long steps, CancellationToken cancellationToken)
    {
        double? figure = null;
        try
        {
            figure = _ranks.Rank == 0 ? MeasureHere(steps, cancellationToken) : null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to the others below.
        }

        if (_ranks.FromFirst(figure) is { } agreed)
        {
            return agreed;
        }

        _isStopped = true;
        throw new OperationCanceledException(cancellationToken);
    }

    private double MeasureHere(long steps, CancellationToken cancellationToken)
    {
        double figure;
        try
        {
            figure = _task.Validate(cancellationToken);
        }
        catch (NotFiniteNumberException e)
        {
            throw Divergence.OfNumber("A score in validation", e.OffendingNumber, steps);
        }

        return double.IsFinite(figure) ? figure : throw Divergence.OfNumber("The validation figure", figure, steps);
    }

    /// <summary>Keeps the state where it is time to, but never weights that nobody can go on with.</summary>
    private void SaveIfDue()
    {
        if (_ranks.Rank == 0 && _checkpoint.IsDue)
        {
            _task.Gradients.CheckWeights(_recorder.StepsDone);
            _checkpoint.Save();
        }
    }

    /// <summary>How many epochs lie before the one that the last of so many steps belongs to.</summary>
    private int EpochsBefore(long steps) => (int)(Math.Max(steps - 1, 0) / Math.Max(_stepsPerEpoch, 1));
}
