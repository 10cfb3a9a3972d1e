namespace Microsoft.ML.Gmt.Graph;

/// <summary>A triple that is asked about, and the one that is hidden from its evidence beside it, where a mask hides any.</summary>
/// <remarks>
/// A true triple hides itself alone. A negative that was drawn hides the true triple that it was drawn from as well. Otherwise a missing
/// edge alone tells true from false in training, and nothing of the kind is there to be seen when new triples are judged.
/// </remarks>
/// <param name="Triple">What is asked.</param>
/// <param name="Hidden">What is hidden beside it; the triple itself where nothing else is.</param>
internal readonly record struct TripleQuery(Triple Triple, Triple Hidden)
{
    /// <summary>The questions about triples that hide themselves.</summary>
    public static TripleQuery[] Of(IEnumerable<Triple> triples) => [.. triples.Select(triple => (TripleQuery)triple)];

    public static implicit operator TripleQuery(Triple triple) => new(triple, triple);
}
