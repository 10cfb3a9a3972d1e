using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// The triples of a graph as rows of names and a label. Rows are made as cursors move; they can be shuffled and read by many cursors.
/// </summary>
internal sealed class TripleDataView : IDataView
{
    /// <summary>Rows of one batch number, in a set of cursors.</summary>
    private const int RowsPerBatch = 1024;

    private readonly TripleRows _rows;

    /// <param name="rows">The rows.</param>
    /// <param name="columns">The names of the columns; null for those that are used everywhere.</param>
    public TripleDataView(TripleRows rows, TripleColumnNames? columns = null)
    {
        _rows = rows;
        TripleColumnNames names = columns ?? new TripleColumnNames();
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(names.Head, TextDataViewType.Instance);
        schema.AddColumn(names.Relation, TextDataViewType.Instance);
        schema.AddColumn(names.Tail, TextDataViewType.Instance);
        schema.AddColumn(names.Label ?? new TripleColumnNames().Label!, BooleanDataViewType.Instance);
        if (rows.HasDrawn)
        {
            schema.AddColumn(names.ReplacedHead!, TextDataViewType.Instance);
            schema.AddColumn(names.ReplacedTail!, TextDataViewType.Instance);
        }

        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <summary>Any row can be made at any time.</summary>
    public bool CanShuffle => true;

    /// <inheritdoc/>
    public long? GetRowCount() => _rows.Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        GetRowCursorSet(columnsNeeded, 1, rand)[0];

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        HashSet<int> active = [.. columnsNeeded.Select(column => column.Index)];
        long[]? order = rand is null ? null : Order(rand);
        long batches = (_rows.Count + RowsPerBatch - 1) / RowsPerBatch;
        int cursors = (int)Math.Clamp(batches, 1, Math.Max(1, n));
        return [.. Enumerable.Range(0, cursors).Select(cursor => new Cursor(Schema, _rows, active, order, cursor, cursors))];
    }

    private long[] Order(Random rand)
    {
        long[] order = new long[_rows.Count];
        for (long row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        new CounterRandom((ulong)rand.NextInt64()).Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>Every <paramref name="cursors"/>-th batch, beginning with the one of number <paramref name="first"/>.</summary>
    private sealed class Cursor(
        DataViewSchema schema, TripleRows rows, HashSet<int> active, long[]? order, int first, int cursors) : DataViewRowCursor
    {
        private long _position = -1;
        private long _place = -1;
        private (Graph.Triple Triple, bool Label, Graph.Triple? DrawnFrom) _row;

        public override DataViewSchema Schema => schema;

        public override long Position => _position;

        public override long Batch => _position < 0 ? 0 : _place / RowsPerBatch;

        public override bool MoveNext()
        {
            _place = _place < 0 ? (long)first * RowsPerBatch
                : (_place + 1) % RowsPerBatch != 0 ? _place + 1
                : _place + 1 + ((long)(cursors - 1) * RowsPerBatch);
            if (_place >= rows.Count)
            {
                (_place, _position) = (rows.Count, -1);
                return false;
            }

            _position++;
            _row = rows[RowNumber];
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
            {
                throw SchemaErrors.Inactive(column);
            }

            Delegate getter = column.Index switch
            {
                0 => Name(() => rows.Graph.Entities[_row.Triple.Head]),
                1 => Name(() => rows.Graph.Relations[_row.Triple.Relation]),
                2 => Name(() => rows.Graph.Entities[_row.Triple.Tail]),
                3 => (ValueGetter<bool>)((ref bool value) => value = _row.Label),
                4 => Name(() => Replaced(triple => triple.Head)),
                _ => Name(() => Replaced(triple => triple.Tail)),
            };
            return getter as ValueGetter<TValue> ?? throw SchemaErrors.WrongValueType(typeof(TValue), getter);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId value) => value = new DataViewRowId((ulong)RowNumber, 0);

        private string Replaced(Func<Graph.Triple, int> end) =>
            _row.DrawnFrom is { } positive && end(positive) != end(_row.Triple) ? rows.Graph.Entities[end(positive)] : "";

        private long RowNumber => order is null ? _place : order[_place];

        private static ValueGetter<ReadOnlyMemory<char>> Name(Func<string> name) =>
            (ref ReadOnlyMemory<char> value) => value = name().AsMemory();
    }
}
