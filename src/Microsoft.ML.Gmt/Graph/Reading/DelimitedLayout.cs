namespace Microsoft.ML.Gmt.Graph;

/// <summary>What a delimited file looks like: its delimiter, whether it has a header, and which column is which (-1: there is none).</summary>
internal sealed record DelimitedLayout(
    byte Delimiter, bool Quoted, bool HasHeader, int ColumnCount, int Head, int Relation, int Tail, int Label)
{
    private static readonly string[] HeadNames = ["head", "subject", "source", "h"];
    private static readonly string[] RelationNames = ["relation", "predicate", "property", "rel", "r", "p"];
    private static readonly string[] TailNames = ["tail", "object", "target", "t", "o"];
    private static readonly string[] LabelNames = ["label"];

    /// <summary>Finds the layout of a file from its first line, as far as the options leave it open.</summary>
    public static DelimitedLayout Find(Utf8LineReader reader, ReadOnlySpan<byte> firstLine, DelimitedOptions options)
    {
        CheckOptions(options);
        if (options.Delimiter is { } given)
        {
            return TryFind(reader, firstLine, (byte)given, options) ?? throw WrongColumns(reader, firstLine, given, options);
        }

        foreach (char delimiter in "\t,;| ")
        {
            if (TryFind(reader, firstLine, (byte)delimiter, options) is { } layout)
            {
                return layout;
            }
        }

        throw reader.Error(
            $"no delimiter cuts '{Utf8LineReader.Show(firstLine)}' into {Expected(options)} fields; set Delimiter and Columns in {nameof(DelimitedOptions)}.",
            value: Utf8LineReader.Show(firstLine));
    }

    private static void CheckOptions(DelimitedOptions options)
    {
        if (options.Delimiter is '"' or '\n' or '\r' or > '\x7F')
        {
            throw new ArgumentException(
                $"The delimiter U+{(int)options.Delimiter:X4} must be an ASCII character other than a quotation mark or a line end.", nameof(options));
        }

        string? roles = options.Columns is null ? null : string.Concat(options.Columns.Where(c => c != '_').Order());
        if (roles is not (null or "hrt" or "hlrt"))
        {
            throw new ArgumentException(
                $"The columns '{options.Columns}' must hold h, r and t once, l at most once, and _ for each column to ignore; such as 'hrt'.",
                nameof(options));
        }
    }

    private static DelimitedLayout? TryFind(Utf8LineReader reader, ReadOnlySpan<byte> line, byte delimiter, DelimitedOptions options)
    {
        bool quoted = options.Quoted ?? delimiter is (byte)',' or (byte)';';
        var fields = new DelimitedFields(delimiter, quoted);
        if (!fields.TrySplit(line))
        {
            return null;
        }

        string[] names = [.. fields.Texts(reader, line).Select(text => text.Trim().ToLowerInvariant())];
        int[] found = [Find(names, HeadNames), Find(names, RelationNames), Find(names, TailNames), Find(names, LabelNames)];
        bool named = found[..3].All(column => column >= 0);
        string byHeader = string.Concat(names.Select((_, column) => Letter(found, column)));
        string columns = options.Columns ?? (named && options.HasHeader != false ? byHeader : "hrt");
        int At(char role) => columns.IndexOf(role, StringComparison.Ordinal);
        return fields.Count != columns.Length
            ? null
            : new DelimitedLayout(delimiter, quoted, options.HasHeader ?? named, columns.Length, At('h'), At('r'), At('t'), At('l'));
    }

    private static int Find(string[] names, string[] known) => Array.FindIndex(names, name => known.Contains(name));

    private static char Letter(int[] found, int column) => Array.IndexOf(found, column) is var role and >= 0 ? "hrtl"[role] : '_';

    private static int Expected(DelimitedOptions options) => options.Columns?.Length ?? 3;

    private static GraphFormatException WrongColumns(
        Utf8LineReader reader, ReadOnlySpan<byte> line, char delimiter, DelimitedOptions options) => reader.Error(
        $"'{delimiter}' does not cut '{Utf8LineReader.Show(line)}' into {Expected(options)} fields; correct Delimiter or Columns in {nameof(DelimitedOptions)}.",
        value: Utf8LineReader.Show(line));
}
