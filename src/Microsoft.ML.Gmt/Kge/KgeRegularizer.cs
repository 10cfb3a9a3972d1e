namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// What keeps vectors short: the penalty of a batch is the weight times the mean over its true triples of that of head, relation and tail.
/// </summary>
public enum KgeRegularizer
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Σ |x|³, the nuclear 3-norm (Lacroix et al. 2018); of complex numbers their moduli.</summary>
    N3,

    /// <summary>Σ x².</summary>
    L2,
}
