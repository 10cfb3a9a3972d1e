using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>A data view with the columns of a <see cref="BatchMapper"/>, computed as its cursors move.</summary>
/// <param name="environment">Whose execution may be cancelled.</param>
/// <param name="source">The rows.</param>
/// <param name="mapper">What is added to them; its input schema is the source's.</param>
/// <param name="batchSize">How many rows are computed together.</param>
internal sealed class BatchedView(IHostEnvironment environment, IDataView source, BatchMapper mapper, int batchSize)
    : TransformView(source)
{
    /// <inheritdoc/>
    public override DataViewSchema Schema => mapper.OutputSchema;

    /// <summary>
    /// What a row gets does not depend on its neighbors but for the last bits of its numbers, which the number of rows that share a
    /// forward pass decides: so the source may be shuffled.
    /// </summary>
    public override bool CanShuffle => Source.CanShuffle;

    /// <inheritdoc/>
    protected override IEnumerable<string> AddedColumns => Schema.Where(mapper.IsAdded).Select(column => column.Name);

    /// <inheritdoc/>
    public override long? GetRowCount() => Source.GetRowCount();

    /// <inheritdoc/>
    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return Wrap(Source.GetRowCursor(mapper.Dependencies(columns), rand), columns);
    }

    /// <inheritdoc/>
    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return Array.ConvertAll(Source.GetRowCursorSet(mapper.Dependencies(columns), n, rand), cursor => Wrap(cursor, columns));
    }

    private DataViewRowCursor Wrap(DataViewRowCursor cursor, DataViewSchema.Column[] columns) => columns.Any(mapper.IsAdded)
        ? new BatchedCursor(environment, cursor, mapper, columns, batchSize)
        : new PassThroughCursor(cursor, mapper.OutputSchema);
}
