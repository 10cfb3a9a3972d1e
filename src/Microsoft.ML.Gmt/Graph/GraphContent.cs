namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// What a graph is made of, apart from how its edges are laid out; the arrays are never written to once a graph holds them.
/// </summary>
internal sealed record GraphContent(Vocabulary Entities, Vocabulary Relations)
{
    public static int SplitCount { get; } = Enum.GetValues<GraphSplit>().Length;

    /// <summary>True triples by <see cref="GraphSplit"/>.</summary>
    public Triple[][] Triples { get; init; } = NoTriples();

    /// <summary>Triples labeled false, by <see cref="GraphSplit"/>.</summary>
    public Triple[][] Negatives { get; init; } = NoTriples();

    public NameTexts EntityTexts { get; init; } = NameTexts.None;

    public NameTexts RelationTexts { get; init; } = NameTexts.None;

    public NameTexts EntityDefinitions { get; init; } = NameTexts.None;

    public NameTexts RelationDefinitions { get; init; } = NameTexts.None;

    public static Triple[][] NoTriples() => [.. Enumerable.Repeat<Triple[]>([], SplitCount)];
}
