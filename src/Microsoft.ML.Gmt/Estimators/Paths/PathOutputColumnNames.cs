namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="PathScoringTransformer"/> adds. A column is computed only if somebody reads it.</summary>
public sealed record PathOutputColumnNames
{
    /// <summary>The mean of both sides' logits: Single; <c>Score</c>. It is not calibrated.</summary>
    public string Score { get; init; } = "Score";

    /// <summary>The logit of the head among the heads of (?, relation, tail): Single; <c>HeadScore</c>.</summary>
    public string HeadScore { get; init; } = "HeadScore";

    /// <summary>The logit of the tail among the tails of (head, relation, ?): Single; <c>TailScore</c>.</summary>
    public string TailScore { get; init; } = "TailScore";

    /// <summary>
    /// Whether the graph knows the row's names: Boolean; <c>Known</c>. Where it is false, the scores are NaN.
    /// </summary>
    public string Known { get; init; } = "Known";

    internal void Check() => OutputNames.Check(Score, HeadScore, TailScore, Known);
}
