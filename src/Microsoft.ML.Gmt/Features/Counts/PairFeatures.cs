using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>What joins head and tail directly, and over one other entity.</summary>
internal sealed class PairFeatures : IFeatureGroup
{
    private readonly int[] _neighbors;   // [entities]: distinct, without itself

    public PairFeatures(SignedEdges edges)
    {
        _neighbors = new int[edges.EntityCount];
        for (int entity = 0; entity < edges.EntityCount; entity++)
        {
            int before = -1;
            foreach (int neighbor in edges.JoinNeighbors(entity))
            {
                _neighbors[entity] += neighbor != before ? 1 : 0;
                before = neighbor;
            }
        }
    }

    /// <summary>The slots of every group of this kind.</summary>
    public static IReadOnlyList<FeatureSlot> Layout { get; } =
    [
        new("Pair.Parallel", "Other relations that lead from head to tail; none from an entity to itself, here and below."),
        new("Pair.Inverse", "Relations that lead from tail to head."),
        new("Pair.Reverse", "1 where the triple is stated the other way round, (t, r, h); else 0."),
        new("Pair.CommonNeighbors", "Entities that are neighbors of both head and tail, by any relation."),
        new("Pair.AdamicAdar", "Sum of 1 / ln(1 + degree) over the common neighbors (Adamic and Adar 2003, by edges)."),
        new("Pair.Jaccard", "Common neighbors over entities that are neighbors of head or tail."),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSlot> Slots => Layout;

    /// <inheritdoc/>
    public void Compute(FeatureQuery query, FeatureScratch scratch, Span<float> values)
    {
        (int head, int relation, int tail) = query.Triple;
        MaskedEdges edges = query.Edges;
        (int parallel, int inverse) = (0, 0);
        foreach (int signed in edges.Edges.Between(head, tail))
        {
            bool isOutgoing = (signed & 1) == 0;
            bool isSeen = signed != 2 * relation && !edges.Hides(head, signed, tail);
            parallel += isSeen && isOutgoing ? 1 : 0;
            inverse += isSeen && !isOutgoing ? 1 : 0;
        }

        IReadOnlyList<int> common = scratch.Common.Entities;
        double adamicAdar = 0;
        for (int i = 0; i < common.Count; i++)
        {
            adamicAdar += 1 / Math.Log(1 + edges.Degree(common[i]));
        }

        values[0] = parallel;
        values[1] = inverse;
        values[2] = head != tail && edges.Contains(tail, 2 * relation, head) ? 1 : 0;
        values[3] = common.Count;
        values[4] = (float)adamicAdar;
        values[5] = head == tail ? 0 : Ratio.Of(common.Count, Neighbors(edges, head) + Neighbors(edges, tail) - common.Count);
    }

    private int Neighbors(MaskedEdges edges, int entity)
    {
        int count = _neighbors[entity];
        for (int i = 0; i < edges.HiddenCount; i++)
        {
            Triple hidden = edges.Hidden(i);
            int? other = hidden.Head == hidden.Tail ? null
                : hidden.Head == entity ? hidden.Tail
                : hidden.Tail == entity ? hidden.Head : null;
            bool isRepeated = i > 0 && other is { } end && JoinsBoth(edges.Hidden(0), entity, end);
            if (other is { } neighbor && !isRepeated)
            {
                count -= IsSeen(edges, entity, neighbor) ? 0 : 1;
            }
        }

        return count;
    }

    private static bool JoinsBoth(Triple triple, int one, int other) =>
        (triple.Head == one && triple.Tail == other) || (triple.Head == other && triple.Tail == one);

    private static bool IsSeen(MaskedEdges edges, int entity, int neighbor)
    {
        foreach (int signed in edges.Edges.Between(entity, neighbor))
        {
            if (!edges.Hides(entity, signed, neighbor))
            {
                return true;
            }
        }

        return false;
    }
}
