namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// What a delimited file looks like: its delimiter, whether it has a header, and which column is which (-1: there is none).
/// </summary>
/// <param name="Delimiter">What stands between fields.</param>
/// <param name="Quoted">Whether a field may stand in quotation marks.</param>
/// <param name="Trims">Whether white space around a name is left out.</param>
/// <param name="HasHeader">Whether the first line names the columns.</param>
/// <param name="Columns">The columns, in letters as in <see cref="DelimitedFormat.Columns"/>.</param>
/// <param name="IsGuessed">Whether neither a header nor an option says which column is which.</param>
internal sealed record DelimitedLayout(byte Delimiter, bool Quoted, bool Trims, bool HasHeader, string Columns, bool IsGuessed)
{
    /// <summary>Whether the first line is a triple because nothing says otherwise.</summary>
    public bool IsHeaderGuessed { get; init; }

    public int ColumnCount => Columns.Length;

    public int Head { get; } = Columns.IndexOf('h', StringComparison.Ordinal);

    public int Relation { get; } = Columns.IndexOf('r', StringComparison.Ordinal);

    public int Tail { get; } = Columns.IndexOf('t', StringComparison.Ordinal);

    public int Label { get; } = Columns.IndexOf('l', StringComparison.Ordinal);
}
