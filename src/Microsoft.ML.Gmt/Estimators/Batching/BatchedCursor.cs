using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Reads a batch of rows ahead, keeps what is asked for of them, and shows them one by one.</summary>
internal sealed class BatchedCursor : DataViewRowCursor
{
    private readonly IHostEnvironment _environment;
    private readonly bool _wasCanceled;
    private readonly DataViewRowCursor _source;
    private readonly BatchMapper _mapper;
    private readonly RowBatch _batch;
    private readonly BufferedColumn?[] _inputs;
    private readonly bool[] _isWanted;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batchNumbers;
    private readonly ValueGetter<DataViewRowId> _sourceId;
    private int _slot = -1;
    private long _position = -1;
    private bool _isAtEnd;

    public BatchedCursor(
        IHostEnvironment environment, DataViewRowCursor source, BatchMapper mapper, IEnumerable<DataViewSchema.Column> columns,
        int batchSize)
    {
        (_environment, _source, _mapper) = (environment, source, mapper);

        // A context stays cancelled: what a training run that ended so has left must still be of use.
        _wasCanceled = MlNetInternals.IsCanceled(environment);
        _isWanted = new bool[mapper.OutputSchema.Count];
        _inputs = new BufferedColumn?[mapper.InputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            _isWanted[column.Index] = true;
            if (!mapper.IsAdded(column))
            {
                _inputs[column.Index] = BufferedColumn.Create(source, source.Schema[column.Index], batchSize);
            }
        }

        _batch = mapper.NewBatch(source, batchSize, added => _isWanted[mapper.InputSchema.Count + added]);
        (_ids, _batchNumbers) = (new DataViewRowId[batchSize], new long[batchSize]);
        _sourceId = source.GetIdGetter();
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema => _mapper.OutputSchema;

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => _position < 0 ? 0 : _batchNumbers[_slot];

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (++_slot >= _batch.Count && !Fill())
        {
            _position = -1;
            return false;
        }

        _position++;
        return true;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => _isWanted[column.Index];

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_isWanted[column.Index])
        {
            throw SchemaErrors.Inactive(column);
        }

        Delegate getter = _inputs.ElementAtOrDefault(column.Index)?.NewGetter(Slot)
            ?? _batch.NewGetter(column.Index - _mapper.InputSchema.Count, Slot);
        return getter as ValueGetter<TValue> ?? throw SchemaErrors.WrongValueType(typeof(TValue), getter);
    }

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Slot()];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batch.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Slot() =>
        _position >= 0 ? _slot : throw new InvalidOperationException("Values can be read only while the cursor stands at a row.");

    private bool Fill()
    {
        if (!_wasCanceled && MlNetInternals.IsCanceled(_environment))
        {
            throw new OperationCanceledException("The execution of the context was cancelled.");
        }

        _batch.Clear();
        _slot = 0;
        while (!_isAtEnd && _batch.Count < _ids.Length)
        {
            if (!_source.MoveNext())
            {
                _isAtEnd = true;
                break;
            }

            int slot = _batch.Count;
            _batch.Add();
            foreach (BufferedColumn? input in _inputs)
            {
                input?.Read(slot);
            }

            _sourceId(ref _ids[slot]);
            _batchNumbers[slot] = _source.Batch;
        }

        return _batch.Count > 0;
    }
}
