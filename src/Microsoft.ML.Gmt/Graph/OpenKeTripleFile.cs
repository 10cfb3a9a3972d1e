namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads an OpenKE triple file: a line with the number of triples, then three ids a line, separated by blanks or tabs.</summary>
internal sealed class OpenKeTripleFile
{
    private const int ShortestLine = 6;

    private readonly TripleColumns _columns;
    private readonly int _entityCount;
    private readonly int _relationCount;

    public OpenKeTripleFile(TripleColumns columns, int entityCount, int relationCount) =>
        (_columns, _entityCount, _relationCount) = (columns, entityCount, relationCount);

    public Triple[] Read(string path)
    {
        using var reader = new Utf8LineReader(path);
        int count = OpenKeCount.Read(reader);
        long room = new FileInfo(path).Length / ShortestLine + 1;
        var triples = new Triple[(int)Math.Min(count, room)];
        int read = 0;
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            Triple triple = Parse(reader, line);
            if (read < triples.Length)
            {
                triples[read] = triple;
            }

            read++;
        }

        OpenKeCount.Check(reader, count, read, "triples");
        return triples;
    }

    private Triple Parse(Utf8LineReader reader, ReadOnlySpan<byte> line)
    {
        int position = 0;
        return TryParseId(line, ref position, out int first) && TryParseId(line, ref position, out int second) && TryParseId(line, ref position, out int third)
            && AtEnd(line, position) && IsKnown(_columns.Arrange(first, second, third))
            ? _columns.Arrange(first, second, third)
            : throw Explain(reader, line);
    }

    private bool IsKnown(Triple triple) =>
        (uint)triple.Head < (uint)_entityCount && (uint)triple.Tail < (uint)_entityCount && (uint)triple.Relation < (uint)_relationCount;

    private static bool TryParseId(ReadOnlySpan<byte> line, ref int position, out int id)
    {
        while (position < line.Length && IsSeparator(line[position]))
        {
            position++;
        }

        int start = position;
        uint value = 0;
        for (; position < line.Length; position++)
        {
            uint digit = (uint)line[position] - '0';
            if (digit > 9)
            {
                break;
            }

            value = (value * 10) + digit;
        }

        id = (int)value;
        return position - start is > 0 and < 10 && (position == line.Length || IsSeparator(line[position]));
    }

    private static bool AtEnd(ReadOnlySpan<byte> line, int position) => position == line.Length || Utf8LineReader.IsBlank(line[position..]);

    private static bool IsSeparator(byte value) => value is (byte)' ' or (byte)'\t';

    private GraphFormatException Explain(Utf8LineReader reader, ReadOnlySpan<byte> line)
    {
        List<Range> fields = OpenKeFields.Split(line);
        if (fields.Count != 3)
        {
            return reader.Error($"expected 3 ids ({Order()}), found {fields.Count} fields in '{Utf8LineReader.Show(line)}'.", value: Utf8LineReader.Show(line));
        }

        for (int column = 0; column < 3; column++)
        {
            ReadOnlySpan<byte> field = line[fields[column]];
            string role = _columns.Role(column);
            int limit = role == "relation" ? _relationCount : _entityCount;
            if (!OpenKeFields.TryParse(field, out int id) || id >= limit)
            {
                string problem = OpenKeFields.IsNumber(field)
                    ? $"the {role} id {Utf8LineReader.Show(field)} is out of range: there are {limit} {(role == "relation" ? "relations" : "entities")}, with ids from 0; check the column order ({Order()})."
                    : $"the {role} id '{Utf8LineReader.Show(field)}' is not a number.";
                return reader.Error(problem, line, fields[column].Start.Value, Utf8LineReader.Show(field));
            }
        }

        return reader.Error($"'{Utf8LineReader.Show(line)}' is not a triple.");
    }

    private string Order() => $"{_columns.Role(0)}, {_columns.Role(1)}, {_columns.Role(2)}";
}
