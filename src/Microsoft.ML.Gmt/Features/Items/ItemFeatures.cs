namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// Which other edges entities have that have the edge that would state the triple, as baskets of goods go together: an item is a signed
/// relation with a neighbor.
/// </summary>
/// <remarks>
/// For each item k of an end, with j the item that the triple would add to it: how many other entities have k (n_k), j (n_j) and both
/// (n_kj). The confidence is n_kj / (n_k + 5), the lift n_kj · (n − 1) / (n_k · n_j) with n entities in all. The end itself is never
/// counted, so its own edge cannot be seen.
/// </remarks>
internal sealed class ItemFeatures : IFeatureGroup
{
    private const int Best = 5;
    private const int PerSide = 4 + Best;

    /// <summary>The slots of every group of this kind.</summary>
    public static IReadOnlyList<FeatureSlot> Layout { get; } =
    [
        .. FeatureSlot.OfBothSides(
            new("Items.Shared", "Items of the entity that another entity has together with the one that the triple would add."),
            new("Items.Count", "How often: the sum over items of the other entities that have both."),
            new("Items.MeanLift", "Mean lift over the entity's items; 0 without items."),
            new("Items.MaxLift", "Highest lift of an item."),
            new("Items.Confidence1", "Highest confidence of an item, n_kj / (n_k + 5)."),
            new("Items.Confidence2", "Second highest confidence."),
            new("Items.Confidence3", "Third highest confidence."),
            new("Items.Confidence4", "Fourth highest confidence."),
            new("Items.Confidence5", "Fifth highest confidence.")),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSlot> Slots => Layout;

    /// <inheritdoc/>
    public void Compute(FeatureQuery query, FeatureScratch scratch, Span<float> values)
    {
        values.Clear();
        Compute(query.Edges, query.Head, scratch, values[..PerSide]);
        Compute(query.Edges, query.Tail, scratch, values[PerSide..]);
    }

    private static void Compute(MaskedEdges edges, FeatureSide side, FeatureScratch scratch, Span<float> values)
    {
        (int entity, int signed, int other) = side;
        ItemCounts counts = scratch.Items;
        int others = counts.Count(edges, side);
        (int items, double lifts) = (0, 0);
        Span<float> best = values[4..];
        ReadOnlySpan<int> relations = edges.Edges.RelationsOf(entity), neighbors = edges.Edges.NeighborsOf(entity);
        ReadOnlySpan<int> numbers = edges.Edges.ItemsOf(entity);
        for (int i = 0; i < relations.Length; i++)
        {
            if (edges.Hides(entity, relations[i], neighbors[i]) || (relations[i] == signed && neighbors[i] == other))
            {
                continue;
            }

            items++;
            int both = counts.Both(i);
            if (both > 0)
            {
                int having = edges.CountOf(neighbors[i], SignedEdges.Inverse(relations[i]), edges.Edges.Having(numbers[i]).Length);
                having--;   // the entity has the item itself
                double lift = (double)both * (edges.Edges.EntityCount - 1) / ((double)having * others);
                values[0]++;
                values[1] += both;
                values[3] = Math.Max(values[3], (float)lift);
                lifts += lift;
                Insert(best, Ratio.Confidence(both, having));
            }
        }

        values[2] = Ratio.Of(lifts, items);
    }

    private static void Insert(Span<float> best, float value)
    {
        for (int i = 0; i < best.Length; i++)
        {
            if (value > best[i])
            {
                (best[i], value) = (value, best[i]);
            }
        }
    }
}
