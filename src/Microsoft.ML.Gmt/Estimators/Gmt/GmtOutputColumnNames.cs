namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="GmtTransformer"/> adds. A column is computed only if somebody reads it.</summary>
public sealed record GmtOutputColumnNames
{
    /// <summary>Whether the triple is held true, that is, <see cref="Score"/> above 0: Boolean; <c>PredictedLabel</c>.</summary>
    public string PredictedLabel { get; init; } = "PredictedLabel";

    /// <summary>P(true) / (P(true) + P(false)) at the place of the answer: Single; <c>Probability</c>.</summary>
    public string Probability { get; init; } = "Probability";

    /// <summary>Log-odds, log P(true) − log P(false): Single; <c>Score</c>.</summary>
    public string Score { get; init; } = "Score";

    /// <summary>What the model writes as answer: text; <c>Response</c>.</summary>
    public string Response { get; init; } = "Response";

    /// <summary>
    /// The features that moved the verdict, where the model reads some, each with its value and by how much it moved the log-odds; then the
    /// edges that the memory read, most attended first, with their weights: text; <c>Explanation</c>.
    /// </summary>
    public string Explanation { get; init; } = "Explanation";

    /// <summary>
    /// Whether the graph knows the row's names: Boolean; <c>Known</c>. Where it is false there is no verdict:
    /// <see cref="PredictedLabel"/> is false, <see cref="Score"/> and <see cref="Probability"/> are NaN,
    /// <see cref="Response"/> and <see cref="Explanation"/> are empty.
    /// </summary>
    public string Known { get; init; } = "Known";

    internal void Check() => OutputNames.Check(PredictedLabel, Probability, Score, Response, Explanation, Known);
}
