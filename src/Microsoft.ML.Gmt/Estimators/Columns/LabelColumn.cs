using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>The column that says which triples are true.</summary>
internal static class LabelColumn
{
    /// <summary>Finds it; null where there is none to use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column of a name other than the default is missing, or the column is not Boolean.</exception>
    public static DataViewSchema.Column? Find(DataViewSchema schema, TripleColumnNames names)
    {
        if (names.Label is not { } name)
        {
            return null;
        }

        if (schema.GetColumnOrNull(name) is not { } column)
        {
            // Data without labels are all true; a name that was chosen is meant.
            return name == new TripleColumnNames().Label ? null : throw SchemaErrors.Missing(nameof(schema), "label", name);
        }

        return column.Type is BooleanDataViewType
            ? column
            : throw SchemaErrors.Mismatch(nameof(schema), "label", name, "Boolean", $"{column.Type}");
    }

    /// <summary>Reads the label of the row that a cursor stands at; true where there is no column.</summary>
    public static Func<bool> NewReader(DataViewRow input, DataViewSchema.Column? column)
    {
        if (column is not { } labels)
        {
            return () => true;
        }

        ValueGetter<bool> getter = input.GetGetter<bool>(labels);
        bool label = false;
        return () =>
        {
            getter(ref label);
            return label;
        };
    }
}
