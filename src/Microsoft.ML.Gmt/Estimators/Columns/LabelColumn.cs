using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>The column that says which triples are true.</summary>
internal static class LabelColumn
{
    private const string Role = "label";
    private const string Expected = "Boolean";

    /// <summary>Finds it; null where there is none to use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column of a name other than the default is missing, or the column is not Boolean.
    /// </exception>
    public static DataViewSchema.Column? Find(DataViewSchema schema, TripleColumnNames names)
    {
        if (names.Label is not { } name)
        {
            return null;
        }

        // Data without labels are all true; a name that was chosen is meant.
        return schema.GetColumnOrNull(name) is null && name == new TripleColumnNames().Label
            ? null
            : ScalarColumn.Find<BooleanDataViewType>(schema, Role, name, Expected);
    }

    /// <summary>Finds it where it must be there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is not Boolean.</exception>
    public static DataViewSchema.Column FindRequired(DataViewSchema schema, string name) =>
        ScalarColumn.Find<BooleanDataViewType>(schema, Role, name, Expected);

    /// <summary>Checks the column of a schema that is not at hand yet, where it must be there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is not Boolean.</exception>
    public static void Check(SchemaShape shape, string name) => ScalarColumn.Check<BooleanDataViewType>(shape, Role, name, Expected);

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
