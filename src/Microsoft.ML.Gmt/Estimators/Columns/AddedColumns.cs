namespace Microsoft.ML.Gmt;

/// <summary>Columns that an estimator's transformer will add or annotate, in the order in which its own schema has them.</summary>
internal static class AddedColumns
{
    /// <summary>The shape of a schema with them at its end; those of the same name are hidden.</summary>
    /// <param name="inputSchema">What there was.</param>
    /// <param name="columns">What is added.</param>
    public static SchemaShape With(this SchemaShape inputSchema, IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        SchemaShape outputs = ShapeOf(columns);
        return new SchemaShape([.. inputSchema.Where(column => outputs.All(output => output.Name != column.Name)), .. outputs]);
    }

    /// <summary>The shape of a schema some of whose columns get other annotations; they keep their places.</summary>
    /// <param name="inputSchema">What there was.</param>
    /// <param name="columns">Columns of it with their annotations.</param>
    public static SchemaShape WithAnnotated(this SchemaShape inputSchema, IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        Dictionary<string, SchemaShape.Column> annotated = ShapeOf(columns).ToDictionary(column => column.Name);
        return new SchemaShape(inputSchema.Select(column => annotated.GetValueOrDefault(column.Name, column)));
    }

    private static SchemaShape ShapeOf(IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(columns);
        return MlNetInternals.Shape(schema.ToSchema());
    }
}
