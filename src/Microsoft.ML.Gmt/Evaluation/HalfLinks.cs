namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>
/// Which halves of a triple (h, r, t) a graph holds in other triples: the half-links (h, r) and (r, t). To predict a link it often suffices
/// that one half was seen, so figures by these four cases tell what a model generalizes to (Gregucci et al., arXiv 2606.18001).
/// </summary>
[Flags]
public enum HalfLinks
{
    /// <summary>Neither: h is the head of no other triple of r, t the tail of none.</summary>
    None = 0,

    /// <summary>(h, r) is there: h has another tail by r.</summary>
    HeadRelation = 1,

    /// <summary>(r, t) is there: t has another head by r.</summary>
    RelationTail = 2,

    /// <summary>Both are there.</summary>
    Both = HeadRelation | RelationTail,
}
