using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>Computes the columns of a <see cref="BatchMapper"/> row by row, as prediction engines ask for them.</summary>
internal sealed class BatchedRowMapper(BatchMapper mapper) : IRowToRowMapper
{
    /// <inheritdoc/>
    public DataViewSchema InputSchema => mapper.InputSchema;

    /// <inheritdoc/>
    public DataViewSchema OutputSchema => mapper.OutputSchema;

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mapper.Dependencies(dependingColumns);

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Row(input, mapper, [.. activeColumns.Select(column => column.Index)]);
    }

    private sealed class Row(DataViewRow input, BatchMapper mapper, HashSet<int> active) : DataViewRow
    {
        // Made when the first added column is asked for: until then none of their inputs needs to be active.
        private RowBatch? _batch;
        private long _position = -1;

        // Readers such as a prediction engine call each getter that they asked for once a row. Until then the row's model is kept.
        private readonly HashSet<int> _read = [];
        private int _getters;

        public override DataViewSchema Schema => mapper.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
            {
                throw SchemaErrors.Inactive(column);
            }

            if (!mapper.IsAdded(column))
            {
                return input.GetGetter<TValue>(input.Schema[column.Index]);
            }

            _batch ??= mapper.NewBatch(input, capacity: 1, added => active.Contains(mapper.InputSchema.Count + added));
            Delegate getter = _batch.NewGetter(column.Index - mapper.InputSchema.Count, PresentRow);
            return Counted(getter as ValueGetter<TValue> ?? throw SchemaErrors.WrongValueType(typeof(TValue), getter), _getters++);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _batch?.Dispose();
                input.Dispose();
            }

            base.Dispose(disposing);
        }

        private ValueGetter<TValue> Counted<TValue>(ValueGetter<TValue> getter, int number) => (ref TValue value) =>
        {
            try
            {
                getter(ref value);
                _read.Add(number);
            }
            catch
            {
                _batch!.Release();
                throw;
            }

            if (_read.Count == _getters)
            {
                _batch!.Release();
            }
        };

        private int PresentRow()
        {
            if (_position != input.Position || _batch!.Count == 0)
            {
                _batch!.Clear();
                _read.Clear();
                _batch.Keep();
                _batch.Add();
                _position = input.Position;
            }

            return 0;
        }
    }
}
