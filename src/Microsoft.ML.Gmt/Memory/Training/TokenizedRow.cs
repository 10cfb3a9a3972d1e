using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>A question and its answer as tokens, and which of them are to be predicted.</summary>
/// <param name="Ids">Token ids, at least one.</param>
/// <param name="ContextLength">How many tokens at the beginning are read only; 0 where all are to be predicted.</param>
/// <param name="Query">The triple whose evidence goes with them, and what is hidden from it.</param>
internal sealed record TokenizedRow(IReadOnlyList<int> Ids, int ContextLength, TripleQuery Query)
{
    /// <summary>The triple.</summary>
    public Triple Triple => Query.Triple;

    /// <summary>Whether the text was longer than the cut-off, so that the end of its answer, or all of it, is missing.</summary>
    public bool IsCut { get; init; }

    /// <summary>The row's features, for a model that reads some; NaN is missing.</summary>
    public float[]? Features { get; init; }

    /// <summary>Each token's label: its own id, or -100 where it is read only.</summary>
    public IReadOnlyList<int> Labels => [.. Ids.Select((id, place) => place < ContextLength ? LanguageModelLoss.Ignored : id)];

    /// <summary>
    /// How many tokens are predicted; the first token never is, for there is nothing before it. A row with 0 teaches nothing.
    /// </summary>
    public int LabelCount => Math.Max(0, Ids.Count - Math.Max(1, ContextLength));
}
