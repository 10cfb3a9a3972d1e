using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>Finds the columns of triples in a schema, and reads their rows as ids of a graph.</summary>
internal sealed class TripleBinding
{
    private const string ReplacedHead = "replaced head", ReplacedTail = "replaced tail";

    private readonly NameColumn _head;
    private readonly NameColumn _relation;
    private readonly NameColumn _tail;
    private readonly NameColumn? _replacedHead;
    private readonly NameColumn? _replacedTail;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or has a type that names no entity or relation.</exception>
    public TripleBinding(DataViewSchema schema, TripleColumnNames names)
    {
        _head = new NameColumn(schema, "head", names.Head);
        _relation = new NameColumn(schema, "relation", names.Relation);
        _tail = new NameColumn(schema, "tail", names.Tail);
        _replacedHead = Optional(schema, ReplacedHead, names.ReplacedHead);
        _replacedTail = Optional(schema, ReplacedTail, names.ReplacedTail);
    }

    /// <summary>The three columns.</summary>
    public DataViewSchema.Column[] Columns => [_head.Column, _relation.Column, _tail.Column];

    /// <summary>The same, and where there are any, the columns of entities that negatives replaced.</summary>
    public DataViewSchema.Column[] QueryColumns =>
        [.. Columns, .. new[] { _replacedHead, _replacedTail }.OfType<NameColumn>().Select(column => column.Column)];

    /// <summary>Checks the columns of a schema that is not at hand yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or has a type that names no entity or relation.</exception>
    public static void Check(SchemaShape shape, TripleColumnNames names)
    {
        NameColumn.Check(shape, "head", names.Head);
        NameColumn.Check(shape, "relation", names.Relation);
        NameColumn.Check(shape, "tail", names.Tail);
        foreach ((string role, string? name) in new[] { (ReplacedHead, names.ReplacedHead), (ReplacedTail, names.ReplacedTail) })
        {
            if (name is not null && shape.Any(column => column.Name == name))
            {
                NameColumn.Check(shape, role, name);
            }
        }
    }

    /// <summary>Reads the ids of the row that the input stands at.</summary>
    /// <param name="input">A row whose three columns are active.</param>
    /// <param name="graph">Whose ids.</param>
    /// <param name="count">Is told of every row.</param>
    /// <returns>Null for a row with a name that the graph lacks.</returns>
    public Func<Triple?> NewReader(DataViewRow input, KnowledgeGraph graph, NameCount count)
    {
        NameColumn[] columns = [_head, _relation, _tail];
        NameIndex[] indexes = [graph.EntityIndex, graph.RelationIndex, graph.EntityIndex];
        Func<NameHit>[] hits = [.. columns.Zip(indexes, (column, index) => column.NewReader(input, index))];
        Func<ReadOnlyMemory<char>>[] names = Array.ConvertAll(columns, column => column.NewNameReader(input));
        NameMatch LookUp(int at) => new(indexes[at], names[at]().ToString());
        return () =>
        {
            NameHit head = hits[0](), relation = hits[1](), tail = hits[2]();
            return count.Add(input.Position, [head, relation, tail], columns, LookUp) ? new Triple(head.Id, relation.Id, tail.Id) : null;
        };
    }

    /// <summary>Reads the ids of the row that the input stands at, and what is hidden from its evidence.</summary>
    /// <param name="input">A row whose <see cref="QueryColumns"/> are active.</param>
    /// <param name="graph">Whose ids.</param>
    /// <param name="count">Is told of every row.</param>
    /// <returns>Null for a row with a name that the graph lacks.</returns>
    public Func<TripleQuery?> NewQueryReader(DataViewRow input, KnowledgeGraph graph, NameCount count)
    {
        Func<Triple?> triple = NewReader(input, graph, count);
        Func<int> head = Replaced(_replacedHead), tail = Replaced(_replacedTail);
        return () =>
        {
            if (triple() is not { } known)
            {
                return null;
            }

            (int withHead, int withTail) = (head(), tail());
            return new TripleQuery(
                known, new Triple(withHead < 0 ? known.Head : withHead, known.Relation, withTail < 0 ? known.Tail : withTail));
        };

        Func<int> Replaced(NameColumn? column)
        {
            if (column is null)
            {
                return () => -1;
            }

            Func<ReadOnlyMemory<char>> name = column.NewNameReader(input);
            Func<NameHit> hit = column.NewReader(input, graph.EntityIndex);
            return () => name().IsEmpty ? -1 : hit().Id;
        }
    }

    private static NameColumn? Optional(DataViewSchema schema, string role, string? name) =>
        name is not null && schema.GetColumnOrNull(name) is not null ? new NameColumn(schema, role, name) : null;

    /// <summary>Reads the names of the row that the input stands at.</summary>
    /// <param name="input">A row whose three columns are active.</param>
    public Func<(ReadOnlyMemory<char> Head, ReadOnlyMemory<char> Relation, ReadOnlyMemory<char> Tail)> NewNameReader(DataViewRow input)
    {
        Func<ReadOnlyMemory<char>> head = _head.NewNameReader(input), tail = _tail.NewNameReader(input);
        Func<ReadOnlyMemory<char>> relation = _relation.NewNameReader(input);
        return () => (head(), relation(), tail());
    }
}
