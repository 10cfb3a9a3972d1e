namespace Microsoft.ML.Gmt.Kge;

/// <summary>What training compares a true triple with.</summary>
public enum KgeLoss
{
    /// <summary>
    /// All entities: cross-entropy of the softmax over them, one query for each triple and side (Joulin et al. 2017, Lacroix et al. 2018).
    /// </summary>
    OneVsAll,

    /// <summary>
    /// All entities: binary cross-entropy, one query for each distinct (h, r) or (r, t) with all its true answers (Dettmers et al. 2018).
    /// </summary>
    KvsAll,

    /// <summary>
    /// Some corrupted triples, weighted by how likely the model itself finds them (self-adversarial; Sun et al. 2019):
    /// −log σ(γ + s⁺) − Σ p log σ(−γ − s⁻). For graphs of many entities.
    /// </summary>
    NegativeSampling,
}
