namespace Microsoft.ML.Gmt.Graph;

/// <summary>How to read files that hold a triple of names a line, separated by tabs, commas or the like.</summary>
public sealed record DelimitedOptions
{
    /// <summary>
    /// The character between fields. Default null: the first of tab, comma, semicolon, bar and blank that cuts the first line of each
    /// file into as many fields as there are columns.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>
    /// Whether the first line names the columns. Default null: it does where it has a field each for head, relation and tail, in any case:
    /// head, subject, source or h; relation, predicate, property, rel, r or p; tail, object, target, t or o.
    /// </summary>
    public bool? HasHeader { get; init; }

    /// <summary>
    /// What the columns are, one letter each: h head, r relation, t tail, l label (1 or true; 0, -1 or false: a labeled negative),
    /// _ ignored. Default null: by the header where its names are known (then columns of other names are ignored, and <c>label</c> is the
    /// label), else <c>hrt</c>.
    /// </summary>
    public string? Columns { get; init; }

    /// <summary>
    /// Whether a field may stand in quotation marks, which then may hold delimiters, and quotation marks when doubled.
    /// Default null: yes where the delimiter is a comma or a semicolon.
    /// </summary>
    public bool? Quoted { get; init; }

    /// <summary>Whether edges from tail to head get relations of their own. Default false.</summary>
    public bool AddInverse { get; init; }

    /// <summary>Whether texts of names that the graph lacks are passed over; otherwise they are errors. Default false.</summary>
    public bool IgnoreTextsOfUnknownNames { get; init; }
}
