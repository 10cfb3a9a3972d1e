namespace Microsoft.ML.Gmt.Graph;

/// <summary>How <see cref="NegativeSampler"/> makes a true triple false.</summary>
public enum NegativeSampling
{
    /// <summary>Any entity takes the place of head or tail, even one that makes a known triple: the reference's way.</summary>
    Uniform,

    /// <summary>Any entity that does not make a known triple.</summary>
    Filtered,

    /// <summary>
    /// An entity that stands at this side of this relation in a training triple and does not make a known one: a person takes the place
    /// of a person. The hardest to tell apart.
    /// </summary>
    Typed,
}
