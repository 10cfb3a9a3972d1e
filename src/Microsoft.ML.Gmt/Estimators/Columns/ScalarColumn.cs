using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>A column with a single value of one type in each row.</summary>
internal static class ScalarColumn
{
    /// <summary>Finds it in a schema.</summary>
    /// <typeparam name="TType">The type that it must have.</typeparam>
    /// <param name="schema">The schema.</param>
    /// <param name="role">What the column is for, such as <c>label</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">The type's name for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static DataViewSchema.Column Find<TType>(DataViewSchema schema, string role, string name, string expected)
        where TType : DataViewType
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing(nameof(schema), role, name);
        return column.Type is TType ? column : throw SchemaErrors.Mismatch(nameof(schema), role, name, expected, $"{column.Type}");
    }

    /// <summary>Checks it in a schema that is not at hand yet.</summary>
    /// <inheritdoc cref="Find{TType}"/>
    public static void Check<TType>(SchemaShape inputSchema, string role, string name, string expected)
        where TType : DataViewType
    {
        SchemaShape.Column column = inputSchema.FirstOrDefault(column => column.Name == name);
        if (column.Name is null)
        {
            throw SchemaErrors.Missing(nameof(inputSchema), role, name);
        }

        bool isScalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
        if (column.ItemType is not TType || !isScalar)
        {
            throw SchemaErrors.Mismatch(
                nameof(inputSchema), role, name, expected, isScalar ? $"{column.ItemType}" : $"{column.Kind} of {column.ItemType}");
        }
    }
}
