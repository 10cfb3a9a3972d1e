namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// What <see cref="TrainingLoop{TBatch}"/> has to know of a model: its batches, how a step learns from one, how it is validated, its state.
/// </summary>
/// <typeparam name="TBatch">What one optimizer step learns from.</typeparam>
internal interface ITrainingTask<TBatch>
{
    /// <summary>What progress reports call it, such as <c>SGM</c>.</summary>
    public string Stage { get; }

    /// <summary>Rows that an epoch goes through.</summary>
    public int RowsPerEpoch { get; }

    /// <summary>Optimizer steps of an epoch.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>What is trained, and how gradients move it.</summary>
    public GradientStep Gradients { get; }

    /// <summary>Whether there is anything to validate on.</summary>
    public bool HasValidation { get; }

    /// <summary>Whether a larger validation figure is the better one.</summary>
    public bool IsHigherBetter { get; }

    /// <summary>
    /// All that changes from step to step beside the optimizers, the history and the best weights: the weights and the generators of random
    /// numbers.
    /// </summary>
    public IEnumerable<(string Name, ITrainingState State)> State { get; }

    /// <summary>The batches of an epoch; equal whenever they are asked for.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstStep">How many of its batches to pass over, where a training run goes on in the middle.</param>
    public IEnumerable<TBatch> Epoch(int epoch, long firstStep);

    /// <summary>Rows of a batch.</summary>
    public int RowsIn(TBatch batch);

    /// <summary>Takes an optimizer step, which ends with <see cref="GradientStep.Take"/>.</summary>
    /// <param name="batch">What it learns from.</param>
    /// <param name="step">Steps done before this one.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; the weights are as they were.</exception>
    public double Take(TBatch batch, long step);

    /// <summary>The validation figure of the current weights.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public double Validate(CancellationToken cancellationToken);

    /// <summary>Brings what was computed from the weights in step with them, after the loop has replaced them.</summary>
    public void Refresh();

    /// <summary>
    /// All that the numbers of the run depend on, but for the initial values of what is trained, which the checkpoint holds the successors
    /// of: the options (<see cref="ResumeFingerprint"/>), the graph, the rows, the frozen weights, the device. Asked for only where a
    /// checkpoint is written or resumed.
    /// </summary>
    public IReadOnlyList<(string Name, string Value)> Identity();
}
