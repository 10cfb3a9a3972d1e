namespace Microsoft.ML.Gmt.Features;

/// <summary>M = (X Xᵀ + λ I)⁻¹, where X [entities, items] says which entity has which edge. Any number of threads may ask.</summary>
internal interface IRidgeInverse
{
    /// <summary>aᵀ M b.</summary>
    public double Between(EdgeItem a, EdgeItem b);
}
