namespace Microsoft.ML.Gmt.Graph;

/// <summary>What of a query triple is hidden from its evidence.</summary>
/// <param name="Edges">Leave out the edges that state the query; the reference's <c>mask_query</c>.</param>
/// <param name="Contexts">Leave them out of the neighbours' contexts as well, where the reference still shows the query's relation.</param>
public readonly record struct QueryMask(bool Edges, bool Contexts)
{
    /// <summary>Nothing is hidden.</summary>
    public static QueryMask None => default;

    /// <summary>The reference's masking: edges, not contexts.</summary>
    public static QueryMask Compatible => new(Edges: true, Contexts: false);

    /// <summary>The query is nowhere to be seen.</summary>
    public static QueryMask Full => new(Edges: true, Contexts: true);
}
