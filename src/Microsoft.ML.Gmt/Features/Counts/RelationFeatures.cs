namespace Microsoft.ML.Gmt.Features;

/// <summary>What the graph knows of the triple's relation as such.</summary>
internal sealed class RelationFeatures(RelationCounts counts) : IFeatureGroup
{
    /// <summary>The slots of every group of this kind.</summary>
    public static IReadOnlyList<FeatureSlot> Layout { get; } =
    [
        new("Relation.Triples", "Triples of the relation."),
        new("Relation.Heads", "Entities that are heads of the relation."),
        new("Relation.Tails", "Entities that are tails of the relation."),
        new("Relation.TailsPerHead", "Triples of the relation for each of its heads; 0 without triples. Near 1: a functional relation."),
        new("Relation.HeadsPerTail", "Triples of the relation for each of its tails; 0 without triples. Near 1: inverse functional."),
        new("Relation.Symmetry", "Share of the relation's triples (a, r, b) for which (b, r, a) is stated as well; 0 without triples."),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSlot> Slots => Layout;

    /// <inheritdoc/>
    public void Compute(FeatureQuery query, FeatureScratch scratch, Span<float> values)
    {
        int relation = query.Triple.Relation;
        int triples = counts.Triples(query.Edges, relation);
        int heads = counts.Entities(query.Edges, 2 * relation), tails = counts.Entities(query.Edges, (2 * relation) + 1);
        values[0] = triples;
        values[1] = heads;
        values[2] = tails;
        values[3] = Ratio.Of(triples, heads);
        values[4] = Ratio.Of(triples, tails);
        values[5] = Ratio.Of(counts.Symmetric(query.Edges, relation), triples);
    }
}
