using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>How the vectors of head, relation and tail make a score.</summary>
public enum KgeModel
{
    /// <summary>
    /// Re Σ h r t̄ over complex numbers (Trouillon et al. 2016), with the recipe of Lacroix et al. 2018 (ComplEx-N3): the strongest of the
    /// bilinear models for its cost. It tells directions apart, and one matrix product scores all entities.
    /// </summary>
    [SuppressMessage("Naming", "CA1711", Justification = "The model is called so.")]
    ComplEx,

    /// <summary>
    /// Σ h r t over real numbers (Yang et al. 2015): half as wide as ComplEx, and equal for both directions of a relation.
    /// </summary>
    DistMult,

    /// <summary>hᵀ W t, a matrix for each relation (Nickel et al. 2011): for graphs with few relations.</summary>
    Rescal,

    /// <summary>−Σ |h r − t| over complex numbers, where a relation turns each by an angle (Sun et al. 2019).</summary>
    RotatE,

    /// <summary>−‖h + r − t‖ (Bordes et al. 2013).</summary>
    TransE,
}
