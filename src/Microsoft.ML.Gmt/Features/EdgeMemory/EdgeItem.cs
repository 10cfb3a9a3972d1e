namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// What stands in a column of the memory, or a single entity: an item (s, n) holds the entities whose edge s leads to n.
/// </summary>
/// <param name="Signed">The signed relation of the item; −1 for a single entity.</param>
/// <param name="Entity">The neighbor n of the item, or the entity.</param>
internal readonly record struct EdgeItem(int Signed, int Entity)
{
    /// <summary>A single entity, as a vector that is 1 there.</summary>
    public static EdgeItem Of(int entity) => new(-1, entity);

    /// <summary>Whether this is a single entity.</summary>
    public bool IsEntity => Signed < 0;

    /// <summary>The entities where the vector is 1, ascending.</summary>
    /// <param name="edges">The edges.</param>
    /// <param name="single">Room for one.</param>
    public ReadOnlySpan<int> Support(SignedEdges edges, Span<int> single)
    {
        if (!IsEntity)
        {
            return edges.Neighbors(Entity, SignedEdges.Inverse(Signed));
        }

        single[0] = Entity;
        return single[..1];
    }
}
