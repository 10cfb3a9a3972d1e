namespace Microsoft.ML.Gmt.Features;

/// <summary>The edge memory's prediction of the triple from either end.</summary>
internal sealed class EdgeMemoryFeatures(IRidgeInverse inverse) : IFeatureGroup
{
    /// <summary>How strong the regularization is where nothing else is said.</summary>
    public const double DefaultRegularization = 30;

    /// <summary>The slots of every group of this kind.</summary>
    public static IReadOnlyList<FeatureSlot> Layout { get; } =
    [
        new("EdgeMemory.Head", "Ridge prediction, from the head's other edges, that it has the edge of the triple; 0 where no other has."),
        new("EdgeMemory.Tail", "Ridge prediction, from the tail's other edges, that it has the edge of the triple; 0 where no other has."),
        new("EdgeMemory.Sum", "Both together."),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSlot> Slots => Layout;

    /// <inheritdoc/>
    public void Compute(FeatureQuery query, FeatureScratch scratch, Span<float> values)
    {
        double head = RidgePrediction.Of(inverse, query.Edges, query.Head), tail = RidgePrediction.Of(inverse, query.Edges, query.Tail);
        values[0] = (float)head;
        values[1] = (float)tail;
        values[2] = (float)(head + tail);
    }
}
