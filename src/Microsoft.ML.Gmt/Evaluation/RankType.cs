namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>How ties are broken where the true entity shares its score with others (Berrendorf et al., arXiv 2002.06914).</summary>
public enum RankType
{
    /// <summary>The true entity is put before those with the same score: a model that scores everything alike looks perfect.</summary>
    Optimistic,

    /// <summary>The mean of optimistic and pessimistic: what is expected if equals are shuffled.</summary>
    Realistic,

    /// <summary>The true entity is put after those with the same score.</summary>
    Pessimistic,
}

/// <summary>Which entity of a triple is sought.</summary>
public enum RankSide
{
    /// <summary>The head, given relation and tail.</summary>
    Head,

    /// <summary>The tail, given head and relation.</summary>
    Tail,
}
