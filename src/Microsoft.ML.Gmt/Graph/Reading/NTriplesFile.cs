namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Reads N-Triples (and N-Quads, without the names of graphs): IRIs are named without their angle brackets, blank nodes <c>_:b</c>,
/// literals as they are written, with escapes resolved. Comments and blank lines are passed over.
/// </summary>
/// <param name="names">Gives names their ids.</param>
internal sealed class NTriplesFile(NameIds names)
{
    private readonly NTriplesLine _line = new();
    private readonly List<Triple> _triples = [];
    private readonly List<string> _literals = [];
    private long _literalCount;
    private long _quadCount;

    /// <summary>Whether most lines of a file are of this kind.</summary>
    /// <exception cref="GraphFormatException">They are not, though it ends with <c>.ttl</c>: it is Turtle.</exception>
    public static bool IsAt(DelimitedSample sample)
    {
        if (Path.GetExtension(sample.Path).ToUpperInvariant() is ".NT" or ".NQ")
        {
            return true;
        }

        var line = new NTriplesLine();
        (int statements, int others) = (0, 0);
        foreach (byte[] bytes in sample.Lines)
        {
            if (!line.TryParse(bytes))
            {
                others++;
            }
            else if (line.TermCount > 0)
            {
                statements++;
            }
        }

        if (statements <= others && Path.GetExtension(sample.Path).Equals(".ttl", StringComparison.OrdinalIgnoreCase))
        {
            throw ForeignFormat.Turtle(sample.Path);
        }

        return statements > others;
    }

    /// <summary>Reads a file.</summary>
    public Triple[] Read(string path, FaultLog log)
    {
        using var reader = new Utf8LineReader(path);
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            try
            {
                Add(reader, line);
            }
            catch (GraphFormatException fault) when (log.Notes)
            {
                log.Report(fault);
            }
        }

        string file = Path.GetFileName(path);
        if (_literalCount > 0)
        {
            log.Doubt(new GraphDoubt($"{file}: literals, each of which is an entity", _literalCount, _literals));
        }

        if (_quadCount > 0)
        {
            log.Doubt(GraphDoubt.Guess($"{file}: statements with the name of a graph, which is left out", _quadCount));
        }

        return [.. _triples];
    }

    private void Add(Utf8LineReader reader, ReadOnlySpan<byte> line)
    {
        if (!_line.TryParse(line))
        {
            throw reader.Error($"{_line.Problem}; a line of N-Triples is '<subject> <predicate> <object> .'.", line, _line.FailedAt,
                Utf8LineReader.Show(line));
        }

        if (_line.TermCount == 0)
        {
            return;
        }

        _triples.Add(new Triple(
            names.Entity(reader, line, _line.Place(0), _line.Name(0), "head"),
            names.Relation(reader, line, _line.Place(1), _line.Name(1)),
            names.Entity(reader, line, _line.Place(2), _line.Name(2), "tail")));
        _quadCount += _line.TermCount > 3 ? 1 : 0;
        if (line[_line.Place(2).Start] == '"')
        {
            _literalCount++;
            if (_literals.Count < GraphDoubt.MostExamples)
            {
                _literals.Add(Utf8LineReader.Show(_line.Name(2)));
            }
        }
    }
}
