using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>How many triples, heads and tails each relation has, and how many of its triples stand the other way round as well.</summary>
internal sealed class RelationCounts
{
    private readonly SignedEdges _edges;
    private readonly int[] _triples;     // [relations]
    private readonly int[] _entities;    // [2 relations]: heads, tails
    private readonly int[] _symmetric;   // [relations]

    public RelationCounts(SignedEdges edges)
    {
        _edges = edges;
        _triples = new int[edges.RelationCount];
        _entities = new int[2 * edges.RelationCount];
        _symmetric = new int[edges.RelationCount];
        for (int entity = 0; entity < edges.EntityCount; entity++)
        {
            int before = -1;
            ReadOnlySpan<int> relations = edges.RelationsOf(entity), neighbors = edges.NeighborsOf(entity);
            for (int i = 0; i < relations.Length; i++)
            {
                int signed = relations[i];
                _entities[signed] += signed != before ? 1 : 0;
                before = signed;
                if ((signed & 1) == 0)
                {
                    _triples[signed >> 1]++;
                    _symmetric[signed >> 1] += edges.Contains(neighbors[i], signed, entity) ? 1 : 0;
                }
            }
        }
    }

    /// <summary>The triples of a relation that are to be seen.</summary>
    public int Triples(MaskedEdges masked, int relation)
    {
        int count = _triples[relation];
        for (int i = 0; i < masked.HiddenCount; i++)
        {
            count -= masked.Hidden(i).Relation == relation ? 1 : 0;
        }

        return count;
    }

    /// <summary>The entities that have an edge of a signed relation: the heads (2 r) or the tails (2 r + 1) of r.</summary>
    public int Entities(MaskedEdges masked, int signed)
    {
        int count = _entities[signed];
        for (int i = 0; i < masked.HiddenCount; i++)
        {
            Triple hidden = masked.Hidden(i);
            int end = End(hidden, signed);
            bool isFirst = i == 0 || End(masked.Hidden(0), signed) != end;
            count -= hidden.Relation == signed >> 1 && isFirst && masked.Count(end, signed) == 0 ? 1 : 0;
        }

        return count;

        static int End(Triple triple, int signed) => (signed & 1) == 0 ? triple.Head : triple.Tail;
    }

    /// <summary>The triples (h, r, t) of a relation that are to be seen together with (t, r, h); a self loop is one.</summary>
    public int Symmetric(MaskedEdges masked, int relation)
    {
        int count = _symmetric[relation];
        for (int i = 0; i < masked.HiddenCount; i++)
        {
            Triple hidden = masked.Hidden(i);
            if (hidden.Relation == relation)
            {
                count -= hidden.Head == hidden.Tail ? 1
                    : masked.HidingFirst(i).Contains(hidden.Tail, 2 * relation, hidden.Head) ? 2 : 0;
            }
        }

        return count;
    }
}
