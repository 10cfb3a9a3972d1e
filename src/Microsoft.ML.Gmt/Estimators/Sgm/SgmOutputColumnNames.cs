namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="SgmTransformer"/> adds. A column is computed only if somebody reads it.</summary>
public sealed record SgmOutputColumnNames
{
    /// <summary>What the graph knows of the triple, for stage 2: <see cref="GraphEvidence"/>; <c>Evidence</c>.</summary>
    public string Evidence { get; init; } = "Evidence";

    /// <summary>The DistMult score Σ e_h · r · e_t, a logit: Single; <c>Score</c>.</summary>
    public string Score { get; init; } = "Score";

    /// <summary>
    /// The score's logistic: Single; <c>Probability</c>. It is calibrated for a world of as many true triples as corrupted ones.
    /// </summary>
    public string Probability { get; init; } = "Probability";

    /// <summary>Whether the score is above 0: Boolean; <c>PredictedLabel</c>. Thresholds per relation serve better.</summary>
    public string PredictedLabel { get; init; } = "PredictedLabel";

    /// <summary>The head's vector e_h: Single, as wide as the graph module; <c>HeadEmbedding</c>.</summary>
    public string HeadEmbedding { get; init; } = "HeadEmbedding";

    /// <summary>The tail's vector e_t: Single, as wide as the graph module; <c>TailEmbedding</c>.</summary>
    public string TailEmbedding { get; init; } = "TailEmbedding";

    /// <summary>
    /// Whether the graph knows the row's names: Boolean; <c>Known</c>. Where it is false there is no verdict:
    /// <see cref="PredictedLabel"/> is false, <see cref="Score"/> and <see cref="Probability"/> are NaN,
    /// the vectors are 0 and the evidence is empty.
    /// </summary>
    public string Known { get; init; } = "Known";

    internal void Check() => OutputNames.Check(Evidence, Score, Probability, PredictedLabel, HeadEmbedding, TailEmbedding, Known);
}
