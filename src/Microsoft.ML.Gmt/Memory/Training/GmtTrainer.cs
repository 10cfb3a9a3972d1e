using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Stage 2: teaches a frozen language model to read the evidence of a triple as memory, on questions with answers.</summary>
/// <remarks>
/// <para>A step minimises the mean cross-entropy of the labeled tokens and moves the trained weights by Adam as transformers had it,
/// without weight decay, at a rate that rises and falls linearly; gradients are clipped by norm. Micro batches count alike, whatever tokens
/// they have.</para>
/// <para>The rows' order and the dropout masks come from streams of the options' seed. One training run at a time may use a model, and
/// nothing else meanwhile. Dropout noise is drawn once for each distinct edge state of a batch (the reference draws it for each edge; the
/// expectation is the same).</para>
/// </remarks>
internal sealed class GmtTrainer
{
    private readonly GmtModel _model;
    private readonly GmtTrainingOptions _options;

    /// <summary>Creates a trainer.</summary>
    /// <param name="model">The model to be trained; not disposed. Its base model is frozen from now on.</param>
    /// <param name="options">How it trains; null for the defaults.</param>
    /// <param name="upperEnds">Whether the upper ends of the options' ranges count; the scripts, which know none, do without.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not go with another.</exception>
    public GmtTrainer(GmtModel model, GmtTrainingOptions? options = null, bool upperEnds = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _options) = (model, options ?? new GmtTrainingOptions());
        _options.Check(upperEnds);
        _options = _options with { Seed = _options.SeedOrDefault }; // a checkpoint tells runs apart by the seed that counts
    }

    /// <summary>
    /// What the layers below the memory make of the rows, where several runs share it; it stays the caller's. Default (null): each run
    /// keeps its own.
    /// </summary>
    public FrozenStates? Frozen { get; init; }

    /// <summary>
    /// The processes that train the model together, each with the same model, options and rows; one. All end with the same weights.
    /// </summary>
    public ICollective Ranks { get; init; } = SingleRank.Instance;

    /// <summary>Trains the model, or goes on with a training run of it where <see cref="GmtTrainingOptions.Checkpoint"/> says so.</summary>
    /// <param name="rows">Questions with answers; rows without a token to predict are left out and counted.</param>
    /// <param name="validationRows">
    /// Rows whose loss is measured as often as the options say; null for no validation. The weights with the smallest loss are kept, unless
    /// the options say otherwise.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the training run after the current step, with a checkpoint if there is one to be kept. The model keeps what it has learned,
    /// with validation that of the best epoch so far. No exception is thrown.
    /// </param>
    /// <returns>History and counts.</returns>
    /// <exception cref="ArgumentException">No row has a token to predict.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph, or a token is not in the vocabulary.</exception>
    /// <exception cref="GmtFileException">
    /// The checkpoint to resume belongs to a training run with other settings or data, or of another version of this library.
    /// </exception>
    /// <exception cref="CollectiveException">The ranks would not compute the same, or one has failed.</exception>
    public TrainingResult Train(
        IReadOnlyList<TokenizedRow> rows, IReadOnlyList<TokenizedRow>? validationRows = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        TokenizedRow[] measured = [.. (validationRows ?? []).Where(row => row.LabelCount > 0)];
        Check(rows, "training row");
        Check(measured, "validation row");
        GmtTrainingOptions settled = _options.Settled(rows.Count, _model.BaseModel.Config.HiddenSize);
        using var task = new GmtTrainingTask(_model, settled, rows, measured, Frozen, Ranks);
        var options = new TrainingLoopOptions(
            settled.NumberOfEpochs!.Value, _options.EarlyStoppingPatience, _options.Checkpoint, _options.Progress)
        {
            ValidationSteps = _options.ValidationSteps,
            KeepBestWeights = _options.KeepBestWeights,
        };
        TrainingResult result = TrainingLoop<IReadOnlyList<IReadOnlyList<TokenizedRow>>>.Run(task, options, cancellationToken);
        var lengths = RowLengths.Of(rows, _model.BaseModel.Config.MaxPositions);
        return result with
        {
            RowsWithoutLabels = lengths.WithoutLabels,
            RowsCut = lengths.Cut,
            RowsBeyondPositions = lengths.BeyondPositions,
        };
    }

    private void Check(IReadOnlyList<TokenizedRow> rows, string what)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            _model.BaseModel.CheckTokens(rows[row].Ids, $"{what} {row}");
            _model.Graph.Bounds.Check(rows[row].Triple, nameof(rows));
            _model.Graph.Bounds.Check(rows[row].Query.Hidden, nameof(rows));
            if (_model.Features is { } features)
            {
                features.Shape.CheckWidth(rows[row].Features?.Length ?? 0);
            }
        }
    }
}
