namespace Microsoft.ML.Gmt.Features;

/// <summary>Memory that computing features needs, used again from triple to triple by one thread at a time.</summary>
internal sealed class FeatureScratch(SignedEdges edges)
{
    /// <summary>What the two ends of the present triple have in common.</summary>
    public CommonNeighbors Common { get; } = new(edges);

    /// <summary>Which items of an entity others have as well.</summary>
    public ItemCounts Items { get; } = new(edges);
}
