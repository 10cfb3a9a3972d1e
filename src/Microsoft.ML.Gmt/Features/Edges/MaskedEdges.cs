using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// The edges of a graph as a query sees them: as if the graph had never stated the query's triple, nor the true triple that a drawn
/// negative came from.
/// </summary>
/// <remarks>
/// The triple the other way round, (t, r, h), is another fact and stays. What is not an edge of the graph is not hidden, so a question
/// about a new fact sees all edges.
/// </remarks>
internal readonly struct MaskedEdges
{
    private readonly Triple _first;
    private readonly Triple _second;

    public MaskedEdges(SignedEdges edges, TripleQuery query)
    {
        Edges = edges;
        if (IsEdge(query.Triple))
        {
            (_first, HiddenCount) = (query.Triple, 1);
        }

        if (query.Hidden != query.Triple && IsEdge(query.Hidden))
        {
            (_first, _second) = HiddenCount == 0 ? (query.Hidden, default) : (_first, query.Hidden);
            HiddenCount++;
        }
    }

    /// <summary>All edges; nothing is hidden.</summary>
    public MaskedEdges(SignedEdges edges) => Edges = edges;

    private MaskedEdges(MaskedEdges other, int hidden)
    {
        (Edges, _first, _second) = (other.Edges, other._first, other._second);
        HiddenCount = hidden;
    }

    /// <summary>All edges, hidden ones included.</summary>
    public SignedEdges Edges { get; }

    /// <summary>How many triples of the graph are hidden, from 0 to 2.</summary>
    public int HiddenCount { get; }

    /// <summary>A hidden triple.</summary>
    /// <param name="i">Which, from 0.</param>
    public Triple Hidden(int i) => i == 0 ? _first : _second;

    /// <summary>The edges with the first few triples hidden and the others to be seen.</summary>
    public MaskedEdges HidingFirst(int count) => new(this, count);

    /// <summary>Whether an edge is hidden.</summary>
    public bool Hides(int entity, int signed, int neighbor) =>
        HiddenCount > 0 && (Is(_first, entity, signed, neighbor) || (HiddenCount > 1 && Is(_second, entity, signed, neighbor)));

    /// <summary>Whether there is such an edge to be seen.</summary>
    public bool Contains(int entity, int signed, int neighbor) =>
        Edges.Contains(entity, signed, neighbor) && !Hides(entity, signed, neighbor);

    /// <summary>How many edges of a signed relation an entity has.</summary>
    public int Count(int entity, int signed) => CountOf(entity, signed, Edges.Neighbors(entity, signed).Length);

    /// <summary>The same where it is known how many there are with hidden ones.</summary>
    public int CountOf(int entity, int signed, int count)
    {
        for (int i = 0; i < HiddenCount; i++)
        {
            count -= EndsAt(Hidden(i), entity, signed) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The same without a self loop.</summary>
    public int CountWithoutLoop(int entity, int signed) => Count(entity, signed) - (Contains(entity, signed, entity) ? 1 : 0);

    /// <summary>How many edges an entity has; a self loop is two.</summary>
    public int Degree(int entity)
    {
        int degree = Edges.RelationsOf(entity).Length;
        for (int i = 0; i < HiddenCount; i++)
        {
            degree -= (Hidden(i).Head == entity ? 1 : 0) + (Hidden(i).Tail == entity ? 1 : 0);
        }

        return degree;
    }

    /// <summary>How many entities are neighbors of one by some and of another by some relation, but for two that do not count.</summary>
    public int CountCommon(int entity, int signed, int other, int otherSigned, int but, int nor)
    {
        ReadOnlySpan<int> shorter = Edges.Neighbors(entity, signed), longer = Edges.Neighbors(other, otherSigned);
        if (shorter.Length > longer.Length)
        {
            return CountCommon(other, otherSigned, entity, signed, but, nor);
        }

        int count = 0;
        foreach (int neighbor in shorter)
        {
            if (longer.IsEmpty)
            {
                break;
            }

            longer = longer[SignedEdges.LowerBound(longer, neighbor)..];
            if (!longer.IsEmpty && longer[0] == neighbor && neighbor != but && neighbor != nor
                && !Hides(entity, signed, neighbor) && !Hides(other, otherSigned, neighbor))
            {
                count++;
            }
        }

        return count;
    }

    private static bool Is(Triple triple, int entity, int signed, int neighbor) => (signed & 1) == 0
        ? triple == new Triple(entity, signed >> 1, neighbor) : triple == new Triple(neighbor, signed >> 1, entity);

    private static bool EndsAt(Triple triple, int entity, int signed) =>
        triple.Relation == signed >> 1 && ((signed & 1) == 0 ? triple.Head : triple.Tail) == entity;

    private bool IsEdge(Triple triple) => Edges.Contains(triple.Head, 2 * triple.Relation, triple.Tail);
}
