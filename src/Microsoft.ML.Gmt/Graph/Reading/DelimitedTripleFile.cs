using System.Buffers;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads a file of triples of names with a delimiter between fields.</summary>
/// <param name="layout">What the file looks like.</param>
/// <param name="names">Gives names their ids.</param>
internal sealed class DelimitedTripleFile(DelimitedLayout layout, NameIds names)
{
    private readonly DelimitedFields _fields = new(layout.Delimiter, layout.Quoted, layout.Trims);
    private readonly SearchValues<byte> _blanks = SearchValues.Create([.. " \t\r"u8, layout.Delimiter]);
    private readonly List<Triple> _triples = [];
    private readonly List<Triple> _negatives = [];
    private byte[]? _header;
    private long _trimmedCount;
    private long _blankCount;

    /// <summary>Reads a file and splits it by label.</summary>
    public (Triple[] Triples, Triple[] Negatives) Read(string path, FaultLog log)
    {
        using var reader = new Utf8LineReader(path);
        bool isEmpty = true;
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            try
            {
                isEmpty &= !TryAdd(reader, line);
            }
            catch (GraphFormatException fault) when (log.Notes)
            {
                log.Report(fault);
                isEmpty = false;
            }
        }

        if (isEmpty)
        {
            throw reader.FileError("the file has a header and nothing else; it must hold a triple a line.");
        }

        if (_trimmedCount > 0)
        {
            log.Doubt(GraphDoubt.Guess(
                $"{Path.GetFileName(path)}: names with white space around them, which was left out; "
                + $"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.TrimWhitespace)} = false keeps it",
                _trimmedCount));
        }

        if (_blankCount > 0)
        {
            log.Doubt(GraphDoubt.Guess($"{Path.GetFileName(path)}: lines without a name in them, which were passed over", _blankCount));
        }

        return ([.. _triples], [.. _negatives]);
    }

    private bool TryAdd(Utf8LineReader reader, ReadOnlySpan<byte> line)
    {
        if (IsBlank(line))
        {
            _blankCount++;
            return false;
        }

        if (layout.HasHeader && _header is null)
        {
            _header = line.ToArray();
            return false;
        }

        if (line.SequenceEqual(_header))
        {
            throw reader.Error("the header stands here again; remove the line.", value: Utf8LineReader.Show(line));
        }

        if (!_fields.TrySplit(line) || _fields.Count != layout.ColumnCount)
        {
            throw Explain(reader, line);
        }

        bool isTrue = layout.Label < 0 || ReadLabel(reader, line);
        (isTrue ? _triples : _negatives).Add(new Triple(
            names.Entity(reader, line, _fields[layout.Head], _fields.Bytes(line, layout.Head), "head"),
            names.Relation(reader, line, _fields[layout.Relation], _fields.Bytes(line, layout.Relation)),
            names.Entity(reader, line, _fields[layout.Tail], _fields.Bytes(line, layout.Tail), "tail")));
        _trimmedCount += _fields.TrimmedCount;
        return true;
    }

    /// <summary>Whether a line has no field that holds anything, as spreadsheets write an empty row.</summary>
    private bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(_blanks) < 0;

    private bool ReadLabel(Utf8LineReader reader, ReadOnlySpan<byte> line)
    {
        Range place = _fields[layout.Label];
        string shown = Utf8LineReader.Show(line[place]);
        return TruthLabel.Read(line[place]) ?? throw reader.Error(
            $"the label '{shown}' is none of {TruthLabel.Words}; where the column holds something else, put _ for it in "
            + $"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Columns)}.",
            line,
            place.Start.Value,
            shown);
    }

    private GraphFormatException Explain(Utf8LineReader reader, ReadOnlySpan<byte> line)
    {
        string shown = Utf8LineReader.Show(line);
        if (_fields.TrySplit(line))
        {
            string comment = line[0] == '#' ? "; a comment is no triple, remove it" : "";
            return reader.Error(
                $"expected {layout.ColumnCount} fields between {DelimiterSearch.Name(layout.Delimiter)}, "
                + $"found {_fields.Count} in '{shown}'{comment}.",
                value: shown);
        }

        return reader.Error(
            "the quotation mark has no partner that ends the field in this line; double it inside a field, or set "
            + $"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Quoted)} to false.",
            line,
            _fields.FailedAt,
            shown);
    }
}
