using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>Finds the columns of triples in a schema, and reads their rows as ids of a graph.</summary>
internal sealed class TripleBinding
{
    private readonly NameColumn _head;
    private readonly NameColumn _relation;
    private readonly NameColumn _tail;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or has a type that names no entity or relation.</exception>
    public TripleBinding(DataViewSchema schema, TripleColumnNames names)
    {
        _head = new NameColumn(schema, "head", names.Head);
        _relation = new NameColumn(schema, "relation", names.Relation);
        _tail = new NameColumn(schema, "tail", names.Tail);
    }

    /// <summary>The three columns.</summary>
    public DataViewSchema.Column[] Columns => [_head.Column, _relation.Column, _tail.Column];

    /// <summary>Checks the columns of a schema that is not at hand yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or has a type that names no entity or relation.</exception>
    public static void Check(SchemaShape shape, TripleColumnNames names)
    {
        NameColumn.Check(shape, "head", names.Head);
        NameColumn.Check(shape, "relation", names.Relation);
        NameColumn.Check(shape, "tail", names.Tail);
    }

    /// <summary>Reads the ids of the row that the input stands at.</summary>
    /// <param name="input">A row whose three columns are active.</param>
    /// <param name="graph">Whose ids.</param>
    /// <param name="unknown">Is told of rows with names that the graph lacks.</param>
    /// <returns>Null for such a row.</returns>
    public Func<Triple?> NewReader(DataViewRow input, KnowledgeGraph graph, UnknownNames unknown)
    {
        Func<int> head = _head.NewReader(input, graph.Entities);
        Func<int> relation = _relation.NewReader(input, graph.Relations);
        Func<int> tail = _tail.NewReader(input, graph.Entities);
        Func<ReadOnlyMemory<char>>[] names = [_head.NewNameReader(input), _relation.NewNameReader(input), _tail.NewNameReader(input)];
        NameColumn[] columns = [_head, _relation, _tail];
        return () =>
        {
            var triple = new Triple(head(), relation(), tail());
            int lacking = triple.Head < 0 ? 0 : triple.Relation < 0 ? 1 : triple.Tail < 0 ? 2 : -1;
            if (lacking >= 0)
            {
                unknown.Add(columns[lacking], names[lacking]);
                return null;
            }

            unknown.AddKnown();
            return triple;
        };
    }

    /// <summary>Reads the names of the row that the input stands at.</summary>
    /// <param name="input">A row whose three columns are active.</param>
    public Func<(ReadOnlyMemory<char> Head, ReadOnlyMemory<char> Relation, ReadOnlyMemory<char> Tail)> NewNameReader(DataViewRow input)
    {
        Func<ReadOnlyMemory<char>> head = _head.NewNameReader(input), relation = _relation.NewNameReader(input), tail = _tail.NewNameReader(input);
        return () => (head(), relation(), tail());
    }
}
