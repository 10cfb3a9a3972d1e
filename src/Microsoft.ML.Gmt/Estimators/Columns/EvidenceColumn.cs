using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Finds and reads a column of <see cref="GraphEvidence"/>.</summary>
internal static class EvidenceColumn
{
    private const string Role = "evidence";

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or of another type.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        ScalarColumn.Find<GraphEvidenceDataViewType>(schema, Role, name, $"{GraphEvidenceDataViewType.Instance}");

    /// <summary>Checks the column in a schema that is not at hand yet. It may be lost where names tell the evidence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or of another type.</exception>
    public static void Check(SchemaShape shape, string name, TripleColumnNames names)
    {
        if (shape.Any(column => column.Name == name) || !EvidenceAnnotation.IsIn(shape, names))
        {
            ScalarColumn.Check<GraphEvidenceDataViewType>(shape, Role, name, $"{GraphEvidenceDataViewType.Instance}");
        }
    }

    /// <summary>Reads the evidence of the row that the input stands at.</summary>
    public static Func<GraphEvidence> NewReader(DataViewRow input, DataViewSchema.Column column)
    {
        ValueGetter<GraphEvidence> getter = input.GetGetter<GraphEvidence>(input.Schema[column.Index]);
        GraphEvidence value = null!;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    /// <summary>
    /// The evidence of the first row, whose graph, module and mask all rows must have; where the column was lost, that of no triple which
    /// the names tell. Null where there is no row.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or of another type.</exception>
    /// <exception cref="InvalidOperationException">A row has evidence of another graph or module, or with another mask.</exception>
    public static GraphEvidence? Common(IHost host, IDataView data, string name, TripleColumnNames names) =>
        Common(host, data, name, names, null);

    /// <summary>Refuses data with other evidence than other data have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or of another type.</exception>
    /// <exception cref="InvalidOperationException">A row has evidence of another graph or module, or with another mask.</exception>
    public static void CheckSame(IHost host, GraphEvidence evidence, IDataView data, string name, TripleColumnNames names) =>
        Common(host, data, name, names, evidence);

    private static GraphEvidence? Common(
        IHost host, IDataView data, string name, TripleColumnNames names, GraphEvidence? first)
    {
        string reference = first is null ? "the first row" : "the training data";
        if (data.Schema.GetColumnOrNull(name) is null && EvidenceAnnotation.Find(data.Schema, names) is { } noted)
        {
            return first is null || noted.IsOfSame(first) ? noted : throw new InvalidOperationException(
                $"The data have evidence of another graph module or mask than {reference}: transform all rows by one stage-1 transformer.");
        }

        DataViewSchema.Column column = Find(data.Schema, name);
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        foreach (GraphEvidence evidence in Read(cursor, column).Watch(host, data.GetRowCount()))
        {
            first ??= evidence;
            if (!evidence.IsOfSame(first))
            {
                string other = ReferenceEquals(evidence.Model, first.Model) ? "another mask" : "another graph module";
                throw new InvalidOperationException(
                    $"Row {cursor.Position} of column '{name}' has evidence of {other} than {reference}. Data of several modules cannot be trained on "
                    + "together: transform all rows by one stage-1 transformer.");
            }
        }

        return first;
    }

    private static IEnumerable<GraphEvidence> Read(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        Func<GraphEvidence> read = NewReader(cursor, column);
        while (cursor.MoveNext())
        {
            yield return read();
        }
    }
}
