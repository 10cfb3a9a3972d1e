namespace Microsoft.ML.Gmt.Graph;

/// <summary>What of a query triple is hidden from its evidence: the edges that state it, which would tell the answer.</summary>
/// <remarks>
/// An edge states a triple where it joins two of the triple's ends, head and tail or one to itself, by the triple's relation, in whatever
/// direction. A triple that no edge states sees all edges.
/// </remarks>
/// <param name="Edges">Leave out the edges that state the query; the reference's <c>mask_query</c>.</param>
/// <param name="Contexts">Leave them out of the neighbors' contexts as well, where the reference still shows the query's relation.</param>
public readonly record struct QueryMask(bool Edges, bool Contexts)
{
    /// <summary>Nothing is hidden.</summary>
    public static QueryMask None => default;

    /// <summary>The reference's masking: edges, not contexts.</summary>
    public static QueryMask Compatible => new(Edges: true, Contexts: false);

    /// <summary>The query is nowhere to be seen.</summary>
    public static QueryMask Full => new(Edges: true, Contexts: true);
}
