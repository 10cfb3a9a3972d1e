using System.Diagnostics;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Stage 2: teaches a frozen language model to read the evidence of a triple as memory, on questions with answers.</summary>
/// <remarks>
/// <para>A step minimises the mean cross-entropy of the labeled tokens and moves the trained weights by Adam as transformers had it, without
/// weight decay, at a rate that rises and falls linearly; gradients are clipped by norm. Micro batches count alike, whatever tokens they have.</para>
/// <para>The rows' order and the dropout masks come from streams of the options' seed. One training at a time may use a model, and nobody else
/// meanwhile. Dropout noise is drawn once for each distinct edge state of a batch (the reference draws it for each edge; the expectation is the same).</para>
/// </remarks>
public sealed class GmtTrainer
{
    private const string Stage = "GMT";

    private readonly GmtModel _model;
    private readonly GmtTrainingOptions _options;
    private readonly RandomStreams _streams;

    /// <summary>Creates a trainer.</summary>
    /// <param name="model">The model to be trained; not disposed. Its base model is frozen from now on.</param>
    /// <param name="options">How it trains; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not go with another.</exception>
    public GmtTrainer(GmtModel model, GmtTrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _options) = (model, options ?? new GmtTrainingOptions());
        _options.Check();
        _streams = new RandomStreams(_options.Seed);
    }

    /// <summary>Trains the model, or goes on with a training of it where <see cref="GmtTrainingOptions.Checkpoint"/> says so.</summary>
    /// <param name="rows">Questions with answers; rows without a token to predict are left out and counted.</param>
    /// <param name="validationRows">
    /// Rows whose loss is measured as often as the options say; null for no validation. The weights with the smallest loss are kept, unless the options
    /// say otherwise.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the training after the present step, with a checkpoint if there is one to be kept. The model keeps what it has learned, with validation
    /// that of the best epoch so far. No exception is thrown.
    /// </param>
    /// <returns>History and counts.</returns>
    /// <exception cref="ArgumentException">No row has a token to predict.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph, or a token is not in the vocabulary.</exception>
    /// <exception cref="InvalidDataException">The checkpoint to go on from is of a training with other settings or data.</exception>
    public GmtTrainingResult Train(
        IReadOnlyList<TokenizedRow> rows, IReadOnlyList<TokenizedRow>? validationRows = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        TokenizedRow[] measured = [.. (validationRows ?? []).Where(row => row.LabelCount > 0)];
        Check(rows, "training row");
        Check(measured, "validation row");
        var batches = new RowBatches(rows, _options.Sizes, _streams, _options.GroupByLength, _options.CarryIncompleteSteps);
        long totalSteps = batches.StepsPerEpoch * _options.NumberOfEpochs;
        var recorder = new TrainingRecorder(Stage, _options.NumberOfEpochs, totalSteps, batches.RowCount, _options.Progress);
        using var step = new GmtStep(_model, _options, _streams, totalSteps);
        using var best = new BestWeights(_model.TrainableParameters());
        var checkpoint = new TrainingCheckpoint(
            _options.Checkpoint, GmtTrainingSettings.Of(_model, _options, rows, measured),
            ("weights", TrainingState.OfWeights(_model.NamedParameters())), ("optimizer", step.Optimizer), ("gate optimizer", step.GateOptimizer),
            ("dropout", TrainingState.OfDropout(step.Dropout)), ("history", recorder), ("best", best));
        checkpoint.TryResume();
        _model.States.Refresh(_model.Encoder.GraphModule);
        bool stopped = false;
        void ValidateIfDue()
        {
            long interval = _options.ValidationSteps ?? batches.StepsPerEpoch;
            if (measured.Length > 0 && recorder.StepsDone % interval == 0 && !recorder.IsMeasured)
            {
                Note(step.Measure(measured, cancellationToken), (int)((recorder.StepsDone - 1) / batches.StepsPerEpoch) + 1, recorder, best);
                checkpoint.SaveIfDue();
            }
        }

        try
        {
            // A checkpoint after the last step of an epoch belongs to that epoch: its validation may be yet to come.
            int first = (int)(Math.Max(recorder.StepsDone - 1, 0) / batches.StepsPerEpoch);
            if (recorder.StepsDone > 0)
            {
                ValidateIfDue();
            }

            for (int epoch = first; epoch < _options.NumberOfEpochs && !stopped; epoch++)
            {
                foreach (IReadOnlyList<IReadOnlyList<TokenizedRow>> microBatches in batches.Epoch(epoch, recorder.StepsDone - (epoch * batches.StepsPerEpoch)))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    long started = Stopwatch.GetTimestamp();
                    double rate = step.RateAt(recorder.StepsDone), loss = step.Take(microBatches, recorder.StepsDone);
                    recorder.Add(epoch + 1, microBatches.Sum(batch => batch.Count), loss, rate, Stopwatch.GetElapsedTime(started));
                    checkpoint.SaveIfDue();
                    ValidateIfDue();
                }

                stopped = best.Epoch is { } bestEpoch && epoch + 1 - bestEpoch >= _options.EarlyStoppingPatience;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            checkpoint.Save();
        }

        best.Restore();
        _model.States.Refresh(_model.Encoder.GraphModule);
        return new GmtTrainingResult(
            recorder.History, batches.RowCount, batches.RowsWithoutLabels, best.Epoch, best.Figure, stopped && recorder.StepsDone < totalSteps,
            cancellationToken.IsCancellationRequested && recorder.StepsDone < totalSteps);
    }

    private void Note(double loss, int epoch, TrainingRecorder recorder, BestWeights best)
    {
        recorder.AddMetric(loss);
        if (best.Figure is not { } previous || loss < previous)
        {
            best.Keep(loss, epoch, copy: _options.KeepBestWeights);
        }
    }

    private void Check(IReadOnlyList<TokenizedRow> rows, string what)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            _model.BaseModel.CheckTokens(rows[row].Ids, $"{what} {row}");
            _model.Graph.Bounds.Check(rows[row].Triple, nameof(rows));
        }
    }
}
