using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>Reads triples and labels of a data view.</summary>
internal static class LabeledTriples
{
    /// <summary>The triples of the rows that are true, in their order, without those that name what the graph lacks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    /// <exception cref="UnknownNameException">A row has a name that the graph lacks, and that is an error.</exception>
    public static Triple[] ReadTrue(IDataView data, TripleColumnNames names, KnowledgeGraph graph, UnknownNames unknown)
    {
        NameCount count = unknown.NewCount();
        Triple[] triples = [.. Read(data, names, graph, count).Where(row => row.Label).Select(row => row.Triple)];
        count.Report();
        return triples;
    }

    /// <summary>The rows in their order, without those that name what the graph lacks.</summary>
    private static IEnumerable<(Triple Triple, bool Label)> Read(
        IDataView data, TripleColumnNames names, KnowledgeGraph graph, NameCount count)
    {
        var binding = new TripleBinding(data.Schema, names);
        return ReadRows<(Triple, bool)>(data, names, (cursor, label) =>
        {
            Func<Triple?> triple = binding.NewReader(cursor, graph, count);
            return () => triple() is { } known ? (known, label()) : null;
        }, binding);
    }

    /// <summary>The rows' names and labels in their order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    public static IEnumerable<(ReadOnlyMemory<char> Head, ReadOnlyMemory<char> Relation, ReadOnlyMemory<char> Tail, bool Label)> ReadNames(
        IDataView data, TripleColumnNames names)
    {
        var binding = new TripleBinding(data.Schema, names);
        return ReadRows<(ReadOnlyMemory<char>, ReadOnlyMemory<char>, ReadOnlyMemory<char>, bool)>(data, names, (cursor, label) =>
        {
            Func<(ReadOnlyMemory<char> Head, ReadOnlyMemory<char> Relation, ReadOnlyMemory<char> Tail)> triple =
                binding.NewNameReader(cursor);
            return () => triple() is var (head, relation, tail) ? (head, relation, tail, label()) : null;
        }, binding);
    }

    private static IEnumerable<T> ReadRows<T>(
        IDataView data, TripleColumnNames names, Func<DataViewRow, Func<bool>, Func<T?>> newReader, TripleBinding binding)
        where T : struct
    {
        DataViewSchema.Column? labels = LabelColumn.Find(data.Schema, names);
        DataViewSchema.Column[] columns = [.. binding.Columns, .. labels is { } column ? [column] : Array.Empty<DataViewSchema.Column>()];
        return Rows();

        IEnumerable<T> Rows()
        {
            using DataViewRowCursor cursor = data.GetRowCursor(columns.DistinctBy(column => column.Index));
            Func<T?> read = newReader(cursor, LabelColumn.NewReader(cursor, labels));
            while (cursor.MoveNext())
            {
                if (read() is { } row)
                {
                    yield return row;
                }
            }
        }
    }
}
