namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Reads <c>entity2id.txt</c> or <c>relation2id.txt</c>: a line with the number of names, then a name and its id a line. Where a line has a
/// tab, the name may hold spaces; those around it are dropped.
/// </summary>
internal static class OpenKeNameFile
{
    private const int ShortestLine = 3;

    public static Vocabulary Read(string path, FaultLog? log = null)
    {
        log ??= new FaultLog(notes: false);
        using var reader = new Utf8LineReader(path);
        OpenKeNameLayout.Check(reader);
        int? promised = OpenKeCount.TryRead(reader, log);
        long room = new FileInfo(path).Length / ShortestLine + 1;
        int count = promised ?? (int)Math.Min(room, int.MaxValue);
        var names = new string?[(int)Math.Min(count, room)];
        var lines = new Dictionary<string, long>(names.Length, StringComparer.Ordinal);
        int read = 0;
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            read++;
            if (Add(reader, line, count, names, lines) is { } fault)
            {
                log.Report(fault);
            }
        }

        OpenKeCount.Check(reader, promised, read, "names", log);
        return new Vocabulary(log.Notes ? Substituted(names, promised ?? names.AsSpan().LastIndexOfAnyExcept((string?)null) + 1) : names!);
    }

    /// <summary>Takes up a line, or says what is wrong with it: an exception for each would make a check of a broken file slow.</summary>
    private static GraphFormatException? Add(
        Utf8LineReader reader, ReadOnlySpan<byte> line, int count, string?[] names, Dictionary<string, long> lines)
    {
        if (Fields(line) is not (var nameField, var idField))
        {
            string shown = Utf8LineReader.Show(line);
            return reader.Error(
                $"expected a name and its id, found {OpenKeFields.Split(line).Count} fields in '{shown}'; put a tab between them where "
                + "the name holds blanks.",
                value: shown);
        }

        if (reader.EncodingFault(line, nameField) is { } notUtf8)
        {
            return notUtf8;
        }

        if (!OpenKeFields.TryParse(line[idField], out int id) || id >= count)
        {
            return IdFault(reader, line, idField, count);
        }

        string name = reader.Decode(line, nameField);
        if (!lines.TryAdd(name, reader.Line))
        {
            return reader.Error(
                $"the name '{name}' stands in line {lines[name]} already; a name has one id.", line, nameField.Start.Value, name);
        }

        // An id beyond the room is below the count, so lines are missing, which the check of their number says.
        if (id < names.Length)
        {
            if (names[id] is { } other)
            {
                return reader.Error(
                    $"the id {id} belongs to '{other}' in line {lines[other]} already; an id has one name.", line, idField.Start.Value,
                    $"{id}");
            }

            names[id] = name;
        }

        return null;
    }

    /// <summary>Names for the ids whose lines are missing or wrong, so that triples with those ids are no faults as well.</summary>
    private static IEnumerable<string> Substituted(string?[] names, int count)
    {
        // A count costs nothing to write, a name does to make: for those of a file that was cut off, not more.
        const int MostSubstitutesForEach = 16;
        var taken = names.OfType<string>().ToHashSet(StringComparer.Ordinal);
        for (int id = 0; id < Math.Min(count, (long)MostSubstitutesForEach * names.Length); id++)
        {
            if (id < names.Length && names[id] is { } name)
            {
                yield return name;
                continue;
            }

            string substitute = $"#{id}";
            while (!taken.Add(substitute))
            {
                substitute = $"#{substitute}";
            }

            yield return substitute;
        }
    }

    private static (Range Name, Range Id)? Fields(ReadOnlySpan<byte> line)
    {
        int tab = line.IndexOf((byte)'\t');
        if (tab > 0)
        {
            List<Range> ids = OpenKeFields.Split(line[(tab + 1)..]);
            int start = line.IndexOfAnyExcept((byte)' ');
            int length = line[start..tab].LastIndexOfAnyExcept((byte)' ') + 1;
            if (ids.Count == 1 && length > 0)
            {
                return (start..(start + length), (ids[0].Start.Value + tab + 1)..(ids[0].End.Value + tab + 1));
            }
        }

        List<Range> fields = OpenKeFields.Split(line);
        return fields.Count == 2 ? (fields[0], fields[1]) : null;
    }

    private static GraphFormatException IdFault(Utf8LineReader reader, ReadOnlySpan<byte> line, Range field, int count)
    {
        ReadOnlySpan<byte> bytes = line[field];
        string shown = Utf8LineReader.Show(bytes);
        return reader.Error(
            OpenKeFields.IsNumber(bytes)
                ? $"the id {shown} is out of range: the first line promises {count} names, so ids run from 0 to {count - 1}."
                : $"the id '{shown}' is not a number.",
            line,
            field.Start.Value,
            shown);
    }
}
