namespace Microsoft.ML.Gmt.Features;

/// <summary>What the graph knows of each end of the triple: how much it is stated of, and how it stands to the triple's relation.</summary>
internal sealed class EndFeatures : IFeatureGroup
{
    private const int PerSide = 8;

    private readonly RelationCounts _counts;
    private readonly int[] _asHead;      // [entities]
    private readonly int[] _relations;   // [entities]

    public EndFeatures(SignedEdges edges, RelationCounts counts)
    {
        _counts = counts;
        (_asHead, _relations) = (new int[edges.EntityCount], new int[edges.EntityCount]);
        for (int entity = 0; entity < edges.EntityCount; entity++)
        {
            int before = -1;
            foreach (int signed in edges.RelationsOf(entity))
            {
                _asHead[entity] += (signed & 1) == 0 ? 1 : 0;
                _relations[entity] += signed != before ? 1 : 0;
                before = signed;
            }
        }
    }

    /// <summary>The slots of every group of this kind.</summary>
    public static IReadOnlyList<FeatureSlot> Layout { get; } =
    [
        .. FeatureSlot.OfBothSides(
            new("Degree", "Edges of the entity, incoming and outgoing; a self loop is two."),
            new("AsHead", "Triples whose head is the entity."),
            new("AsTail", "Triples whose tail is the entity."),
            new("Relations", "Distinct relations of the entity's edges, each direction apart."),
            new("Answers", "Other entities that the relation joins it to in the triple's direction: tails of (h, r), heads of (r, t)."),
            new("ReverseAnswers", "Entities that the relation joins it to against the triple's direction."),
            new("Popularity", "Share of the relation's triples that have the entity in this place."),
            new("Saturation", "Answers over the mean number of answers of an entity in this place: above 1, it has more than others.")),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSlot> Slots => Layout;

    /// <inheritdoc/>
    public void Compute(FeatureQuery query, FeatureScratch scratch, Span<float> values)
    {
        Compute(query, query.Head, values[..PerSide]);
        Compute(query, query.Tail, values[PerSide..]);
    }

    private void Compute(FeatureQuery query, FeatureSide side, Span<float> values)
    {
        MaskedEdges edges = query.Edges;
        (int entity, int signed, _) = side;
        int asHead = _asHead[entity], relations = _relations[entity];
        for (int i = 0; i < edges.HiddenCount; i++)
        {
            asHead -= edges.Hidden(i).Head == entity ? 1 : 0;
        }

        int degree = edges.Degree(entity);
        int triples = _counts.Triples(edges, query.Triple.Relation);
        int answers = edges.Count(entity, signed);
        values[0] = degree;
        values[1] = asHead;
        values[2] = degree - asHead;
        values[3] = relations - HiddenRelations.Count(edges, entity);
        values[4] = answers;
        values[5] = edges.Count(entity, SignedEdges.Inverse(signed));
        values[6] = Ratio.Of(answers, triples);
        values[7] = Ratio.Of((double)answers * _counts.Entities(edges, signed), triples);
    }
}
