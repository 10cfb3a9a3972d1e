using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>How many entities have edges of two signed relations: what kinds of entities there are, without their names.</summary>
internal sealed class RelationItems
{
    private readonly SignedEdges _edges;
    private readonly Dictionary<long, int> _pairs = [];

    public RelationItems(SignedEdges edges)
    {
        _edges = edges;
        List<int> relations = [];
        for (int entity = 0; entity < edges.EntityCount; entity++)
        {
            relations.Clear();
            foreach (int signed in edges.RelationsOf(entity))
            {
                if (relations.Count == 0 || relations[^1] != signed)
                {
                    relations.Add(signed);
                }
            }

            foreach (int one in relations)
            {
                foreach (int other in relations)
                {
                    System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_pairs, Key(one, other), out _)++;
                }
            }
        }
    }

    /// <summary>How many entities have both relations, by the edges that are to be seen; equal ones ask for one relation.</summary>
    public int Count(MaskedEdges edges, int one, int other)
    {
        int count = _pairs.GetValueOrDefault(Key(one, other));
        Span<int> looked = stackalloc int[4];
        int number = 0;
        for (int i = 0; i < edges.HiddenCount; i++)
        {
            Triple hidden = edges.Hidden(i);
            if (hidden.Relation == one >> 1 || hidden.Relation == other >> 1)
            {
                count -= Lost(edges, hidden.Head, one, other, looked, ref number);
                count -= Lost(edges, hidden.Tail, one, other, looked, ref number);
            }
        }

        return count;
    }

    private static int Lost(MaskedEdges edges, int entity, int one, int other, Span<int> looked, ref int number)
    {
        if (looked[..number].Contains(entity))
        {
            return 0;
        }

        looked[number++] = entity;
        return Has(edges.HidingFirst(0), entity, one, other) && !Has(edges, entity, one, other) ? 1 : 0;
    }

    private static bool Has(MaskedEdges edges, int entity, int one, int other) =>
        edges.Count(entity, one) > 0 && (one == other || edges.Count(entity, other) > 0);

    private long Key(int one, int other) => ((long)one * 2 * _edges.RelationCount) + other;
}
