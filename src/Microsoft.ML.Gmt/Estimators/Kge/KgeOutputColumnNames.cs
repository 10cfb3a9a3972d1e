namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="KgeTransformer"/> adds. A column is computed only if somebody reads it.</summary>
public sealed record KgeOutputColumnNames
{
    /// <summary>
    /// The model's score of the triple, the higher, the likelier: Single; <c>Score</c>. Scores of different relations cannot be compared;
    /// thresholds per relation can.
    /// </summary>
    public string Score { get; init; } = "Score";

    /// <summary>
    /// The head's vector: Single, as wide as the model makes entities; <c>HeadEmbedding</c>. Of complex numbers the real parts come first.
    /// </summary>
    public string HeadEmbedding { get; init; } = "HeadEmbedding";

    /// <summary>The tail's vector: Single, as wide as the head's; <c>TailEmbedding</c>.</summary>
    public string TailEmbedding { get; init; } = "TailEmbedding";

    /// <summary>
    /// The relation's vector in its own direction: Single, as wide as the model makes relations; <c>RelationEmbedding</c>. Of RotatE they
    /// are angles, of RESCAL the rows of a matrix, one after another.
    /// </summary>
    public string RelationEmbedding { get; init; } = "RelationEmbedding";

    /// <summary>
    /// Whether the graph knows the row's names: Boolean; <c>Known</c>. Where it is false, <see cref="Score"/> is NaN and the vectors are
    /// 0.
    /// </summary>
    public string Known { get; init; } = "Known";

    internal void Check() => OutputNames.Check(Score, HeadEmbedding, TailEmbedding, RelationEmbedding, Known);
}
