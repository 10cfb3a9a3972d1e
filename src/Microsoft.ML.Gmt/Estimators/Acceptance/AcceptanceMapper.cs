using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt;

/// <summary>The column that <see cref="AcceptanceTransformer"/> adds to a schema.</summary>
internal sealed class AcceptanceMapper : BatchMapper
{
    private readonly AcceptanceTransformer _transformer;
    private readonly DataViewSchema.Column _predicted;
    private readonly DataViewSchema.Column _probability;

    /// <exception cref="ArgumentOutOfRangeException">The schema lacks a column, or it has another type.</exception>
    public AcceptanceMapper(AcceptanceTransformer transformer, DataViewSchema inputSchema)
        : base(inputSchema, [Column(transformer.Settings)])
    {
        _transformer = transformer;
        _predicted = VerdictRows.PredictedLabel(inputSchema, transformer.Settings.PredictedLabelColumnName);
        _probability = VerdictRows.Probability(inputSchema, transformer.Settings.ProbabilityColumnName);
    }

    public static DataViewSchema.DetachedColumn Column(AcceptanceSettings settings) =>
        new(settings.OutputColumnName, BooleanDataViewType.Instance);

    /// <inheritdoc/>
    public override IEnumerable<DataViewSchema.Column> InputsOf(int added) => [_predicted, _probability];

    /// <inheritdoc/>
    public override RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted)
    {
        Func<bool> predicted = LabelColumn.NewReader(input, input.Schema[_predicted.Index]);
        return new Batch(_transformer, predicted, input.GetGetter<float>(input.Schema[_probability.Index]), capacity);
    }

    private sealed class Batch(AcceptanceTransformer transformer, Func<bool> predicted, ValueGetter<float> probability, int capacity)
        : RowBatch(transformer.Lifetime)
    {
        private readonly bool[] _accepted = new bool[capacity];

        public override Delegate NewGetter(int added, Func<int> slot) =>
            (ValueGetter<bool>)((ref bool value) => value = _accepted[slot()]);

        protected override void Read(int slot)
        {
            float value = 0;
            probability(ref value);
            _accepted[slot] = transformer.Settings.Threshold is { } threshold
                && CheckedVerdict.CertaintyOf(value, predicted()) >= threshold;
        }

        protected override void Forget()
        {
        }
    }
}
