namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads an OpenKE triple file: a line with the number of triples, then three ids a line, separated by blanks or tabs.</summary>
internal sealed class OpenKeTripleFile
{
    private const int ShortestLine = 6;

    private readonly TripleColumns _columns;
    private readonly GraphBounds _bounds;
    private readonly FaultLog _log;

    public OpenKeTripleFile(TripleColumns columns, GraphBounds bounds, FaultLog log) => (_columns, _bounds, _log) = (columns, bounds, log);

    /// <summary>Whether the first line is the number of triples, as OpenKE has it and LibKGE has not.</summary>
    public bool HasCount { get; init; } = true;

    public Triple[] Read(string path)
    {
        using var reader = new Utf8LineReader(path);
        int? promised = HasCount ? OpenKeCount.TryRead(reader, _log) : null;
        long room = new FileInfo(path).Length / ShortestLine + 1;
        var triples = new Triple[(int)Math.Min(promised ?? room, room)];
        (int lines, int read) = (0, 0);
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            lines++;
            if (!TryParse(line, out Triple triple))
            {
                _log.Report(Explain(reader, line));
            }
            else if (read < triples.Length)
            {
                triples[read++] = triple;
            }
        }

        OpenKeCount.Check(reader, promised, lines, "triples", _log);
        return read == triples.Length ? triples : triples[..read];
    }

    private bool TryParse(ReadOnlySpan<byte> line, out Triple triple)
    {
        int position = 0;
        bool parsed = TryParseId(line, ref position, out int first);
        parsed &= TryParseId(line, ref position, out int second);
        parsed &= TryParseId(line, ref position, out int third);
        triple = _columns.Arrange(first, second, third);
        return parsed && AtEnd(line, position) && _bounds.Contains(triple);
    }

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
        string shown = Utf8LineReader.Show(line);
        if (fields.Count != 3)
        {
            return reader.Error($"expected 3 ids ({Order()}), found {fields.Count} fields in '{shown}'.", value: shown);
        }

        for (int column = 0; column < 3; column++)
        {
            ReadOnlySpan<byte> field = line[fields[column]];
            string role = _columns.Role(column);
            (int limit, string kind) = role == "relation" ? (_bounds.Relations, "relations") : (_bounds.Entities, "entities");
            if (!OpenKeFields.TryParse(field, out int id) || id >= limit)
            {
                string value = Utf8LineReader.Show(field);
                string problem = OpenKeFields.IsNumber(field)
                    ? $"the {role} id {value} is out of range: there are {limit} {kind}, with ids from 0; "
                        + $"check the column order ({Order()}), and whether the file of names is complete."
                    : $"the {role} id '{value}' is not a number.";
                return reader.Error(problem, line, fields[column].Start.Value, value);
            }
        }

        return reader.Error($"'{shown}' is not a triple.");
    }

    private string Order() => $"{_columns.Role(0)}, {_columns.Role(1)}, {_columns.Role(2)}";
}
