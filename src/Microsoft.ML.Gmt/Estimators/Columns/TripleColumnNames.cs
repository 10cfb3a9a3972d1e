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

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Head);
        ArgumentException.ThrowIfNullOrEmpty(Relation);
        ArgumentException.ThrowIfNullOrEmpty(Tail);
    }
}
