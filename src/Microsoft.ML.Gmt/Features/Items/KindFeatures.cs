namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// Whether each end looks like what stands in its place: how many of the entities that share one of its signed relations have the relation
/// of the triple.
/// </summary>
/// <remarks>
/// The end itself is counted like all others, without hidden edges. Were it left out, the share would tell whether it has the relation
/// elsewhere, by one count more or less, which differs between edges of the graph and new facts.
/// </remarks>
internal sealed class KindFeatures(RelationItems items) : IFeatureGroup
{
    private const int PerSide = 3;

    /// <summary>The slots of every group of this kind.</summary>
    public static IReadOnlyList<FeatureSlot> Layout { get; } =
    [
        .. FeatureSlot.OfBothSides(
            new("Kind.Mean", "Mean over the entity's other signed relations of the share of entities with that relation that have the "
                + "triple's as well, n_both / (n + 5); 0 without relations."),
            new("Kind.Max", "The highest such share."),
            new("Kind.Min", "The lowest such share; 0 without relations.")),
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
        (int count, double sum, float max, float min) = (0, 0, 0, float.PositiveInfinity);
        int before = -1;
        foreach (int signed in edges.Edges.RelationsOf(side.Entity))
        {
            if (signed != before && signed != side.Signed && edges.Count(side.Entity, signed) > 0)
            {
                float share = Ratio.Confidence(items.Count(edges, signed, side.Signed), items.Count(edges, signed, signed));
                count++;
                sum += share;
                max = Math.Max(max, share);
                min = Math.Min(min, share);
            }

            before = signed;
        }

        values[0] = Ratio.Of(sum, count);
        values[1] = max;
        values[2] = count == 0 ? 0 : min;
    }
}
