namespace Microsoft.ML.Gmt.Graph;

/// <summary>Finds what a file looks like from its first lines, as far as its format leaves it open.</summary>
internal sealed class DelimitedLayoutFinder
{
    private const string Usual = "hrt";

    private readonly DelimitedSample _sample;
    private readonly DelimitedFormat _format;
    private readonly DelimitedCut _cut;
    private readonly List<string[]> _rows = [];
    private bool _isHeaderGuessed;

    /// <param name="sample">The first lines.</param>
    /// <param name="format">What is known of the file.</param>
    /// <exception cref="ArgumentException">The format makes no sense.</exception>
    /// <exception cref="GraphFormatException">The lines cannot be cut, or the first one names columns that say too little.</exception>
    public DelimitedLayoutFinder(DelimitedSample sample, DelimitedFormat format)
    {
        Check(format);
        (_sample, _format) = (sample, format);
        _cut = new DelimiterSearch(sample, format).Find();
        var fields = new DelimitedFields(_cut.Delimiter, _cut.Quoted, format.TrimWhitespace);
        foreach (byte[] line in sample.Lines)
        {
            _rows.Add(fields.TrySplit(line) ? fields.Texts(line) : []);
        }

        HeaderColumns = format.HasHeader == false ? null : ReadHeader();
    }

    /// <summary>
    /// What the header says, in letters as in <see cref="DelimitedFormat.Columns"/>; null where there is none, or its names say nothing.
    /// </summary>
    public string? HeaderColumns { get; }

    /// <summary>Puts together what is known.</summary>
    /// <param name="others">The headers of other splits, to go by where this file has none.</param>
    /// <param name="relationNames">Names that relations have by a file beside this one; empty where there is none.</param>
    /// <param name="log">Notes what is guessed.</param>
    /// <exception cref="GraphFormatException">Nothing says which column is which.</exception>
    public DelimitedLayout Find(IEnumerable<string> others, IReadOnlySet<string> relationNames, FaultLog log)
    {
        bool hasHeader = _format.HasHeader ?? (HeaderColumns is not null
            || (_format.Columns is not null
                && (ColumnNames.AreColumnNames(_rows[0]) || ColumnNames.ReadByRelation(_rows[0], Below) is not null)));
        DelimitedLayout Layout(string columns, bool isGuessed = false) =>
            new(_cut.Delimiter, _cut.Quoted, _format.TrimWhitespace, hasHeader, columns, isGuessed)
            {
                IsHeaderGuessed = _format.HasHeader is null && !hasHeader,
            };
        if (_format.Columns is { } given)
        {
            return _cut.ColumnCount == given.Length ? Layout(given) : throw WrongColumns();
        }

        if (HeaderColumns is not null)
        {
            if (_isHeaderGuessed)
            {
                Doubt(log, $"begins with '{string.Join(", ", _rows[0])}', which is taken for a header of the columns '{HeaderColumns}'");
            }

            return Layout(HeaderColumns);
        }

        if (others.Select(Fitting).FirstOrDefault(columns => columns is not null) is { } shared)
        {
            if (shared != Usual)
            {
                Doubt(log, $"has no header and is read in the order of another split's, '{shared}'");
            }

            return Layout(shared);
        }

        string[][] rows = [.. _rows.Skip(hasHeader ? 1 : 0).Where(row => row.Length == _cut.ColumnCount)];
        if (ByRelationNames(rows, relationNames) is { } named)
        {
            return Layout(named);
        }

        if (_cut.ColumnCount == Usual.Length + 1 && TruthLabel.AreLabels([.. rows.Select(row => row[^1])]))
        {
            Doubt(log, "has a fourth column of labels, which tell true triples from false ones");
            return Layout($"{Usual}l", isGuessed: true);
        }

        return _cut.ColumnCount == Usual.Length ? Layout(Usual, isGuessed: true) : throw WrongColumns();
    }

    private static void Check(DelimitedFormat format)
    {
        if (format.Delimiter is '"' or '\n' or '\r' or > '\x7F')
        {
            throw new ArgumentException(
                $"The delimiter U+{(int)format.Delimiter:X4} must be an ASCII character other than a quotation mark or a line end.",
                    nameof(format));
        }

        string? roles = format.Columns is null ? null : string.Concat(format.Columns.Where(c => c != '_').Order());
        if (roles is not (null or "hrt" or "hlrt"))
        {
            throw new ArgumentException(
                $"The columns '{format.Columns}' must hold h, r and t once, l at most once, and _ for each column to ignore; "
                + "such as 'hrt'.",
                nameof(format));
        }
    }

    /// <summary>A column's fields in the lines below the first.</summary>
    private IReadOnlyCollection<string> Below(int column) =>
        [.. _rows.Skip(1).Where(row => row.Length > column).Select(row => row[column])];

    private string? ReadHeader()
    {
        string[] header = _rows[0];
        string? columns = ColumnNames.Read(header, Below);
        if (columns is null && _format is { HasHeader: null, Columns: null } && ColumnNames.ReadByRelation(header, Below) is { } guessed)
        {
            _isHeaderGuessed = true;
            return guessed;
        }

        if (columns is not null)
        {
            // R writes the names of rows before the others and no name above them.
            return _rows.Count > 1 && header.Length + 1 == _cut.ColumnCount && _rows.Skip(1).All(row => row.Length == header.Length + 1)
                ? $"_{columns}" : columns;
        }

        return _format.HasHeader is not null || _format.Columns is not null || !ColumnNames.AreColumnNames(header) ? null
            : throw _sample.Error(
            $"the first line names columns ({string.Join(", ", header)}), but not which are head, relation and tail; say it with "
            + $"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Columns)}, or set "
            + $"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.HasHeader)} to false where it is a triple.",
            firstLine: true,
            Utf8LineReader.Show(_sample.Lines[0]));
    }

    /// <summary>
    /// Another header's columns where they fit this file, or do so without those that are neither head, relation nor tail.
    /// </summary>
    private string? Fitting(string columns) =>
        columns.Length == _cut.ColumnCount ? columns
        : _cut.ColumnCount == Usual.Length ? string.Concat(columns.Where(Usual.Contains))
        : null;

    /// <summary>The order of three columns whose relations are known by name: those of one column, and of no other.</summary>
    private static string? ByRelationNames(string[][] rows, IReadOnlySet<string> relationNames)
    {
        if (relationNames.Count == 0 || rows.Length == 0 || rows[0].Length != Usual.Length)
        {
            return null;
        }

        double[] shares = [.. Enumerable.Range(0, Usual.Length).Select(column =>
            rows.Average(row => relationNames.Contains(row[column]) ? 1.0 : 0))];
        int[] relations = [.. Enumerable.Range(0, Usual.Length).Where(column => shares[column] > 0.9)];
        return relations is [var only] ? "ht".Insert(only, "r") : null;
    }

    private void Doubt(FaultLog log, string what) => log.Doubt(GraphDoubt.Guess(
        $"{_sample.FileName} {what}; if it does not, set {nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Columns)}"));

    private GraphFormatException WrongColumns()
    {
        string name = DelimiterSearch.Name(_cut.Delimiter), shown = Utf8LineReader.Show(_sample.Lines[0]);
        string columns = $"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Columns)}";
        string found = _cut.ColumnCount == 0 ? $"{name} cut no line, such as '{shown}'"
            : $"the lines have {_cut.ColumnCount} columns between {name}, such as '{shown}'";
        string remedy = _format.Columns is { } given ? $"but {columns} '{given}' says {given.Length}; correct it or the delimiter."
            : _cut.ColumnCount < Usual.Length ? "but a triple has a head, a relation and a tail."
            : $"so it must be said which are head, relation and tail: set {columns}, such as '{Usual.PadRight(_cut.ColumnCount, '_')}'.";
        return _sample.Error($"{found}, {remedy}", firstLine: false, shown);
    }
}
