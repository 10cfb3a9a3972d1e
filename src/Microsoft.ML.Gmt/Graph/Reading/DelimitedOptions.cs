namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// How to read files that hold a triple of names a line, separated by tabs, commas or the like: the format of the training file, which
/// the other splits share where <see cref="Validation"/> and <see cref="Test"/> say nothing else.
/// </summary>
public sealed record DelimitedOptions : DelimitedFormat
{
    /// <summary>The format of the validation file and its negatives. Default null: as the training file.</summary>
    public DelimitedFormat? Validation { get; init; }

    /// <summary>The format of the test file and its negatives. Default null: as the training file.</summary>
    public DelimitedFormat? Test { get; init; }

    /// <summary>Whether edges from tail to head get relations of their own. Default false.</summary>
    public bool AddInverse { get; init; }

    /// <summary>
    /// Whether texts of names that the graph lacks are passed over, and all but the first of a name's; otherwise they are errors. Default
    /// false.
    /// </summary>
    public bool IgnoreTextsOfUnknownNames { get; init; }

    /// <summary>These options with another format of the training file.</summary>
    internal DelimitedOptions With(DelimitedFormat training) => this with
    {
        Delimiter = training.Delimiter,
        Columns = training.Columns,
        HasHeader = training.HasHeader,
        Quoted = training.Quoted,
        TrimWhitespace = training.TrimWhitespace,
    };

    /// <summary>The format of a split's files.</summary>
    internal DelimitedFormat Of(GraphSplit split) => split switch
    {
        GraphSplit.Validation => Validation ?? this,
        GraphSplit.Test => Test ?? this,
        _ => this,
    };
}
