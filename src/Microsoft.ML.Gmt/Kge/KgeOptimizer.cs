namespace Microsoft.ML.Gmt.Kge;

/// <summary>What moves the vectors.</summary>
public enum KgeOptimizer
{
    /// <summary>Adagrad (Duchi et al. 2011), ε = 1e-10: rows that are rare keep a high rate.</summary>
    Adagrad,

    /// <summary>Adam (Kingma and Ba 2015), β = (.9, .999), ε = 1e-8.</summary>
    Adam,
}
