using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Stage 2 as a task of the training loop; a batch is a list of micro batches.</summary>
internal sealed class GmtTrainingTask : ITrainingTask<IReadOnlyList<IReadOnlyList<TokenizedRow>>>, IDisposable
{
    private readonly GmtModel _model;
    private readonly GmtTrainingOptions _options;
    private readonly IReadOnlyList<TokenizedRow> _rows;
    private readonly RowBatches _batches;
    private readonly FrozenStates? _own;
    private readonly GmtStep _step;
    private readonly IReadOnlyList<TokenizedRow> _validation;

    /// <param name="model">The model to be trained; not disposed.</param>
    /// <param name="options">How it trains, settled.</param>
    /// <param name="rows">Questions with answers.</param>
    /// <param name="validation">Rows to measure the loss on, each with a token to predict; may be empty.</param>
    /// <param name="frozen">What the layers below the memory make of these rows, of several runs; null for states of its own.</param>
    /// <param name="ranks">The processes that train together; null for this one alone.</param>
    /// <exception cref="ArgumentException">No row has a token to predict.</exception>
    public GmtTrainingTask(
        GmtModel model, GmtTrainingOptions options, IReadOnlyList<TokenizedRow> rows, IReadOnlyList<TokenizedRow> validation,
        FrozenStates? frozen = null, ICollective? ranks = null)
    {
        var streams = new RandomStreams(options.SeedOrDefault);
        (_model, _options, _rows, _validation) = (model, options, rows, validation);
        _batches = new RowBatches(rows, options.Sizes, streams, options.GroupByLength, options.CarryIncompleteSteps);
        _own = frozen is null ? FrozenStates.Of(model.BaseModel, model.MemoryLayers.Keys.Min(), [.. rows, .. validation]) : null;
        _step = new GmtStep(model, options, streams, StepsPerEpoch * options.NumberOfEpochs!.Value, frozen ?? _own, ranks);
    }

    public string Stage => "GMT";

    public int RowsPerEpoch => _batches.RowCount;

    public long StepsPerEpoch => _batches.StepsPerEpoch;

    public GradientStep Gradients => _step.Gradients;

    public bool HasValidation => _validation.Count > 0;

    public bool IsHigherBetter => false;

    public IEnumerable<(string Name, ITrainingState State)> State =>
        [("weights", TrainingState.OfWeights(_model.NamedParameters())), ("dropout", TrainingState.OfDropout(_step.Dropout))];

    public IEnumerable<IReadOnlyList<IReadOnlyList<TokenizedRow>>> Epoch(int epoch, long firstStep) => _batches.Epoch(epoch, firstStep);

    public int RowsIn(IReadOnlyList<IReadOnlyList<TokenizedRow>> batch) => batch.Sum(rows => rows.Count);

    public double Take(IReadOnlyList<IReadOnlyList<TokenizedRow>> batch, long step) => _step.Take(batch, step);

    public double Validate(CancellationToken cancellationToken) => _step.Measure(_validation, cancellationToken);

    public void Refresh() => _model.States.Refresh(_model.Encoder.GraphModule);

    public IReadOnlyList<(string Name, string Value)> Identity() => GmtTrainingIdentity.Of(_model, _options, _rows, _validation);

    public void Dispose()
    {
        _step.Dispose();
        _own?.Dispose();
    }
}
