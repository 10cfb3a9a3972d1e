namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// What <see cref="OpenKeCompatibility.Reference"/> passed over in silence; all zero for a well-formed folder and in strict reading.
/// </summary>
public sealed record OpenKeReport
{
    /// <summary>Triple files whose first line is not the number of their triples.</summary>
    public int CountLinesThatDisagree { get; init; }

    /// <summary>Lines of triple files that do not have three fields and were skipped.</summary>
    public int TripleLinesSkipped { get; init; }

    /// <summary>Negative ids in triples, which count from the end.</summary>
    public int NegativeIds { get; init; }

    /// <summary>Lines of name files without a usable id, and names that a later line with the same id replaced.</summary>
    public int NameLinesSkipped { get; init; }

    /// <summary>Ids without a name, which go by their number.</summary>
    public int IdsWithoutName { get; init; }

    /// <summary>Whether nothing was passed over.</summary>
    public bool IsClean => this == new OpenKeReport();
}
