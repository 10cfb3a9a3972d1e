using System.Text.Unicode;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads triples of names; names that were not seen before, in this file or an earlier one, get the next ids.</summary>
internal sealed class DelimitedTripleFile
{
    private readonly Utf8NameTable _entities;
    private readonly Utf8NameTable _relations;

    public DelimitedTripleFile(Utf8NameTable entities, Utf8NameTable relations) => (_entities, _relations) = (entities, relations);

    /// <summary>Reads a file and splits it by label.</summary>
    public (Triple[] Triples, Triple[] Negatives) Read(string path, DelimitedOptions options, FaultLog log)
    {
        using var reader = new Utf8LineReader(path);
        if (!reader.TryRead(out ReadOnlySpan<byte> line))
        {
            throw reader.FileError("the file is empty; it must hold a triple a line.");
        }

        DelimitedLayout layout = DelimitedLayout.Find(reader, line, options);
        var fields = new DelimitedFields(layout.Delimiter, layout.Quoted);
        var triples = new List<Triple>();
        var negatives = new List<Triple>();
        if (layout.HasHeader && !reader.TryRead(out line))
        {
            throw reader.FileError("the file has a header and nothing else; it must hold a triple a line.");
        }

        do
        {
            try
            {
                Triple triple = Parse(reader, line, fields, layout);
                (layout.Label < 0 || IsTrue(reader, line, fields[layout.Label]) ? triples : negatives).Add(triple);
            }
            catch (GraphFormatException fault) when (log.Notes)
            {
                log.Report(fault);
            }
        }
        while (reader.TryRead(out line));

        return ([.. triples], [.. negatives]);
    }

    private Triple Parse(Utf8LineReader reader, ReadOnlySpan<byte> line, DelimitedFields fields, DelimitedLayout layout) =>
        fields.TrySplit(line) && fields.Count == layout.ColumnCount
            ? new Triple(
                Id(reader, line, fields, layout.Head, _entities, "head"),
                Id(reader, line, fields, layout.Relation, _relations, "relation"),
                Id(reader, line, fields, layout.Tail, _entities, "tail"))
            : throw Explain(reader, line, fields, layout);

    private static int Id(Utf8LineReader reader, ReadOnlySpan<byte> line, DelimitedFields fields, int field, Utf8NameTable names, string role)
    {
        ReadOnlySpan<byte> name = fields.Bytes(line, field);
        if (name.IsEmpty)
        {
            throw reader.Error($"the {role} has no name; fill it in or remove the line.", line, fields[field].Start.Value, "");
        }

        int known = names.Count;
        int id = names.Add(name);
        if (names.Count > known && !Utf8.IsValid(name))
        {
            // Always throws: it finds the bad byte and its column.
            reader.Decode(line, fields[field]);
        }

        return id;
    }

    private static bool IsTrue(Utf8LineReader reader, ReadOnlySpan<byte> line, Range field) => reader.Decode(line, field).Trim().ToUpperInvariant() switch
    {
        "1" or "TRUE" => true,
        "0" or "-1" or "FALSE" => false,
        _ => throw reader.Error(
            $"the label '{Utf8LineReader.Show(line[field])}' is none of 1, true, 0, -1, false.", line, field.Start.Value, Utf8LineReader.Show(line[field])),
    };

    private static GraphFormatException Explain(Utf8LineReader reader, ReadOnlySpan<byte> line, DelimitedFields fields, DelimitedLayout layout)
    {
        string shown = Utf8LineReader.Show(line);
        if (fields.TrySplit(line))
        {
            return reader.Error($"expected {layout.ColumnCount} fields between '{Shown(layout.Delimiter)}', found {fields.Count} in '{shown}'.", value: shown);
        }

        return reader.Error(
            $"the quotation mark has no partner that ends the field; double it inside a field, or set {nameof(DelimitedOptions.Quoted)} to false.",
            line,
            fields.FailedAt,
            shown);
    }

    private static string Shown(byte delimiter) => delimiter == '\t' ? "\\t" : $"{(char)delimiter}";
}
