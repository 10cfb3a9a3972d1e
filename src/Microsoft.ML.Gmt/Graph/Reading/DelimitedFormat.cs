namespace Microsoft.ML.Gmt.Graph;

/// <summary>What a file looks like that holds a triple of names a line; what is left open is found from its first thousand lines.</summary>
public record DelimitedFormat
{
    /// <summary>
    /// The character between fields. Default null: tabs where most lines hold one; else comma, semicolon or bar, whichever cuts most lines
    /// into the same number of fields; else blanks. A file of N-Triples is known by its lines and needs no delimiter.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>
    /// Whether the first line names the columns. Default null: it does where it has a field each for head, relation and tail by a name in
    /// use, in any case, such as head, subject, source, from, start, <c>:START_ID</c>, h, s; relation, predicate, type, <c>:TYPE</c>, r, p;
    /// tail, object, target, to, end, <c>:END_ID</c>, t, o. A first line of column names that lacks one of the three is an error.
    /// </summary>
    public bool? HasHeader { get; init; }

    /// <summary>
    /// What the columns are, one letter each: h head, r relation, t tail, l label (1, true, yes; 0, -1, false, no: a labeled negative),
    /// _ ignored; such as <c>htr</c> or <c>_hrt</c>. Default null: by the header (columns of other names are ignored, and <c>label</c> is
    /// the label); without one by the header of another split; else <c>hrt</c>, or <c>hrtl</c> where a fourth column holds labels alone.
    /// </summary>
    public string? Columns { get; init; }

    /// <summary>
    /// Whether a field may stand in quotation marks, which then may hold delimiters, and quotation marks when doubled.
    /// Default null: yes where the delimiter is a comma or a semicolon, or every field but numbers stands in quotation marks.
    /// </summary>
    public bool? Quoted { get; init; }

    /// <summary>
    /// Whether white space around a name is left out; what stands in quotation marks stays as it is. Default true. The fields that
    /// had some are counted in <see cref="GraphCheck.Doubts"/>.
    /// </summary>
    public bool TrimWhitespace { get; init; } = true;
}
