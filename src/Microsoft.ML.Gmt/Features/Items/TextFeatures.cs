namespace Microsoft.ML.Gmt.Features;

/// <summary>What the entities whose texts are most alike to an end say of the triple.</summary>
internal sealed class TextFeatures(TextNeighbors neighbors) : IFeatureGroup
{
    private const int PerSide = 3;

    /// <summary>The slots of every group of this kind.</summary>
    public static IReadOnlyList<FeatureSlot> Layout { get; } =
    [
        .. FeatureSlot.OfBothSides(
            new("Text.Votes", "Share of the nearest entities by text, weighted by cosine, stated in this one's place."),
            new("Text.Kind", "Share of them, weighted alike, that have the triple's relation in its direction to any entity."),
            new("Text.Nearest", "Cosine of the nearest of them for which the triple is stated; 0 where there is none.")),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSlot> Slots => Layout;

    /// <inheritdoc/>
    public void Compute(FeatureQuery query, FeatureScratch scratch, Span<float> values)
    {
        Compute(query.Edges, query.Head, values[..PerSide]);
        Compute(query.Edges, query.Tail, values[PerSide..]);
    }

    private void Compute(MaskedEdges edges, FeatureSide side, Span<float> values)
    {
        (double all, double stated, double kind, float nearest) = (0, 0, 0, 0);
        int[] ids = neighbors.Ids[side.Entity];
        for (int i = 0; i < ids.Length; i++)
        {
            float weight = Math.Max(0, neighbors.Cosines[side.Entity][i]);
            all += weight;
            kind += edges.Count(ids[i], side.Signed) > 0 ? weight : 0;
            if (edges.Contains(ids[i], side.Signed, side.Other))
            {
                stated += weight;
                nearest = Math.Max(nearest, weight);
            }
        }

        values[0] = Ratio.Of(stated, all);
        values[1] = Ratio.Of(kind, all);
        values[2] = nearest;
    }
}
