namespace Microsoft.ML.Gmt;

/// <summary>Columns that an estimator's transformer will add.</summary>
internal static class AddedColumns
{
    /// <summary>The shape of a schema with them; those of the same name are hidden.</summary>
    /// <param name="inputSchema">What there was.</param>
    /// <param name="columns">What is added.</param>
    public static SchemaShape With(this SchemaShape inputSchema, IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        var added = new DataViewSchema.Builder();
        added.AddColumns(columns);
        SchemaShape outputs = MlNetInternals.Shape(added.ToSchema());
        return new SchemaShape([.. inputSchema.Where(column => outputs.All(output => output.Name != column.Name)), .. outputs]);
    }
}
