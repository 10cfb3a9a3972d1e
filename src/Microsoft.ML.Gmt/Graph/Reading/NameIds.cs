namespace Microsoft.ML.Gmt.Graph;

/// <summary>Gives the names that files hold their ids: those not seen before, in this file or an earlier one, get the next.</summary>
internal sealed class NameIds
{
    private readonly Utf8NameTable _entities = new();
    private readonly Utf8NameTable _relations = new();

    /// <summary>All names so far.</summary>
    public GraphContent ToContent() => new(_entities.ToVocabulary(), _relations.ToVocabulary());

    /// <summary>The id of a head or a tail.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="line">Its line.</param>
    /// <param name="place">Where in the line the name stands.</param>
    /// <param name="name">The name.</param>
    /// <param name="role">What it is, for messages.</param>
    /// <exception cref="GraphFormatException">The name is empty or not UTF-8.</exception>
    public int Entity(Utf8LineReader reader, ReadOnlySpan<byte> line, Range place, ReadOnlySpan<byte> name, string role) =>
        Id(_entities, reader, line, place, name, role);

    /// <summary>The id of a relation.</summary>
    /// <inheritdoc cref="Entity"/>
    public int Relation(Utf8LineReader reader, ReadOnlySpan<byte> line, Range place, ReadOnlySpan<byte> name) =>
        Id(_relations, reader, line, place, name, "relation");

    private static int Id(
        Utf8NameTable names, Utf8LineReader reader, ReadOnlySpan<byte> line, Range place, ReadOnlySpan<byte> name, string role)
    {
        if (name.IsEmpty)
        {
            throw reader.Error($"the {role} has no name; fill it in or remove the line.", line, place.Start.Value, "");
        }

        int id = names.Add(name);
        if (id < 0)
        {
            // Always throws: it finds the bad byte and its column.
            reader.Decode(line, place);
        }

        return id;
    }
}
