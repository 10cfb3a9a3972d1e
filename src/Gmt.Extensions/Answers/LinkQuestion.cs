namespace Microsoft.ML.Gmt.Extensions;

/// <summary>Which entities complete a fact? Head and relation ask for tails, relation and tail for heads.</summary>
/// <param name="Head">The head; null to ask for heads.</param>
/// <param name="Relation">The relation.</param>
/// <param name="Tail">The tail; null to ask for tails.</param>
public sealed record LinkQuestion(string? Head, string Relation, string? Tail)
{
    /// <summary>How many entities an answer has at most, from 1; 10.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Whether facts that the graph states already, in any split, are left out.</summary>
    public bool OnlyNew { get; init; }

    /// <summary>Whether only entities count that stand at this side of the relation in a training triple.</summary>
    public bool OnlyTyped { get; init; }
}
