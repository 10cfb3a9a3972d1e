namespace Microsoft.ML.Gmt;

/// <summary>
/// The columns that a transformer adds to those of a schema, and how they are computed: for some rows at a time. <see cref="BatchedView"/>
/// and <see cref="BatchedRowMapper"/> make a lazy data view and a row mapper of it.
/// </summary>
internal abstract class BatchMapper
{
    /// <param name="inputSchema">The input's schema.</param>
    /// <param name="added">The added columns.</param>
    /// <param name="annotations">The annotations that input columns get in place of their own, by index; null for none.</param>
    protected BatchMapper(
        DataViewSchema inputSchema, IEnumerable<DataViewSchema.DetachedColumn> added,
        IReadOnlyDictionary<int, DataViewSchema.Annotations>? annotations = null)
    {
        // Hidden columns are copied as well, so an input column keeps its index.
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in inputSchema)
        {
            builder.AddColumn(column.Name, column.Type, annotations?.GetValueOrDefault(column.Index) ?? column.Annotations);
        }

        builder.AddColumns(added);
        (InputSchema, OutputSchema) = (inputSchema, builder.ToSchema());
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The input columns that an added column is computed from.</summary>
    /// <param name="added">Which, from 0.</param>
    public abstract IEnumerable<DataViewSchema.Column> InputsOf(int added);

    /// <summary>Makes room for rows of an input, whose added columns are computed together.</summary>
    /// <param name="input">Where rows are read from: of <see cref="InputSchema"/>, with the inputs of the wanted columns active.</param>
    /// <param name="capacity">Room for that many rows.</param>
    /// <param name="isWanted">Whether an added column, from 0, may be asked for.</param>
    public abstract RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted);

    public bool IsAdded(DataViewSchema.Column column) => column.Index >= InputSchema.Count;

    /// <summary>The input columns that are needed for some columns of the output.</summary>
    public DataViewSchema.Column[] Dependencies(IEnumerable<DataViewSchema.Column> outputs)
    {
        var needed = new SortedSet<int>();
        foreach (DataViewSchema.Column output in outputs)
        {
            if (IsAdded(output))
            {
                needed.UnionWith(InputsOf(output.Index - InputSchema.Count).Select(input => input.Index));
            }
            else
            {
                needed.Add(output.Index);
            }
        }

        return [.. needed.Select(index => InputSchema[index])];
    }
}
