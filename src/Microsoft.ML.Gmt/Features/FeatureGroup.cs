namespace Microsoft.ML.Gmt.Features;

/// <summary>Slots of a feature vector that are computed together. Any number of threads may use one.</summary>
internal interface IFeatureGroup
{
    /// <summary>Its slots, in the order of their values.</summary>
    public IReadOnlyList<FeatureSlot> Slots { get; }

    /// <summary>Computes the slots of a triple.</summary>
    /// <param name="query">The triple, and the edges that it may see.</param>
    /// <param name="scratch">Memory of the calling thread.</param>
    /// <param name="values">Room for the values: [slots].</param>
    public void Compute(FeatureQuery query, FeatureScratch scratch, Span<float> values);
}
