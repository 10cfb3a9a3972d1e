namespace Microsoft.ML.Gmt;

/// <summary>The columns that a triple is read from.</summary>
public sealed record TripleColumnNames
{
    /// <summary>The entity that the fact is about: text, or a key with key values; <c>Head</c>.</summary>
    public string Head { get; init; } = "Head";

    /// <summary>The relation: text, or a key with key values; <c>Relation</c>.</summary>
    public string Relation { get; init; } = "Relation";

    /// <summary>
    /// The entity that the relation leads to: text, or a key with key values; <c>Tail</c>. Heads and tails share one vocabulary.
    /// </summary>
    public string Tail { get; init; } = "Tail";

    /// <summary>
    /// Whether the triple is true: Boolean; <c>Label</c>. It is used in training only. Null, or data without this column: all triples are
    /// true.
    /// </summary>
    public string? Label { get; init; } = "Label";

    /// <summary>
    /// For negatives that were drawn, the head that the drawn one took the place of: text, or a key with key values, empty in other rows;
    /// <c>ReplacedHead</c>. The true triple that has it is hidden from the negative's evidence, as a true triple is from its own, wherever
    /// rows with this column are read: otherwise a missing edge alone tells true from false in training. Null, or data without this column,
    /// as in questions: nothing more is hidden. So is nothing by a name that the graph lacks.
    /// </summary>
    public string? ReplacedHead { get; init; } = "ReplacedHead";

    /// <summary>The same for tails; <c>ReplacedTail</c>.</summary>
    public string? ReplacedTail { get; init; } = "ReplacedTail";

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Head);
        ArgumentException.ThrowIfNullOrEmpty(Relation);
        ArgumentException.ThrowIfNullOrEmpty(Tail);
        if (ReplacedHead is "" || ReplacedTail is "")
        {
            throw new ArgumentException("The columns of replaced heads and tails need names, or null for none.");
        }
    }
}
