namespace Microsoft.ML.Gmt.Graph;

/// <summary>A triple that is asked about, and the one whose edges are hidden from its evidence where a mask hides any.</summary>
/// <remarks>
/// A true triple hides itself. A negative hides the true triple that it was drawn from: only so do both see their entities with the same
/// edge missing, as they do where neither is an edge of the graph. Else a model learns from what is missing, which says nothing of new
/// triples.
/// </remarks>
/// <param name="Triple">What is asked.</param>
/// <param name="Hidden">What is hidden.</param>
internal readonly record struct TripleQuery(Triple Triple, Triple Hidden)
{
    /// <summary>The questions about triples that hide themselves.</summary>
    public static TripleQuery[] Of(IEnumerable<Triple> triples) => [.. triples.Select(triple => (TripleQuery)triple)];

    public static implicit operator TripleQuery(Triple triple) => new(triple, triple);
}
