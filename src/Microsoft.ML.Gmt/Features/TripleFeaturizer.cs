using System.Collections.Concurrent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// Numeric evidence of triples, read from the training triples of a graph and from nothing else, each triple as if the graph had never
/// stated it. Any number of threads may ask.
/// </summary>
internal sealed class TripleFeaturizer
{
    private readonly IFeatureGroup[] _groups;
    private readonly ConcurrentBag<FeatureScratch> _scratch = [];

    public TripleFeaturizer(SignedEdges edges, IReadOnlyList<IFeatureGroup> groups)
    {
        (Edges, _groups) = (edges, [.. groups]);
        Slots = [.. _groups.SelectMany(group => group.Slots)];
    }

    /// <summary>The edges that features are read from.</summary>
    public SignedEdges Edges { get; }

    /// <summary>What stands where in a vector.</summary>
    public IReadOnlyList<FeatureSlot> Slots { get; }

    /// <summary>The slots of <see cref="CountGroups"/>.</summary>
    /// <param name="withTexts">Whether there are neighbors by text.</param>
    public static IReadOnlyList<FeatureSlot> CountLayout(bool withTexts) =>
    [
        .. RelationFeatures.Layout, .. EndFeatures.Layout, .. PairFeatures.Layout, .. RuleFeatures.Layout, .. ItemFeatures.Layout,
        .. KindFeatures.Layout, .. withTexts ? TextFeatures.Layout : [],
    ];

    /// <summary>The groups that are computed from counts of edges: all but edge memory and scores.</summary>
    /// <param name="edges">The edges.</param>
    /// <param name="texts">The nearest entities by text; null for no such slots.</param>
    /// <param name="cancellationToken">Ends the mining of rules.</param>
    public static IReadOnlyList<IFeatureGroup> CountGroups(
        SignedEdges edges, TextNeighbors? texts = null, CancellationToken cancellationToken = default)
    {
        var counts = new RelationCounts(edges);
        IFeatureGroup[] groups =
        [
            new RelationFeatures(counts),
            new EndFeatures(edges, counts),
            new PairFeatures(edges),
            new RuleFeatures(new OneStepRules(edges), new TwoStepRules(edges, cancellationToken)),
            new ItemFeatures(),
            new KindFeatures(new RelationItems(edges)),
        ];
        return texts is null ? groups : [.. groups, new TextFeatures(texts)];
    }

    /// <summary>Computes the features of triples.</summary>
    /// <param name="queries">The triples, and what is hidden beside each.</param>
    /// <param name="values">Room for the values, [triples, stride], row by row; a row's first numbers are its features.</param>
    /// <param name="stride">The width of a row, at least the number of <see cref="Slots"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Compute(
        ReadOnlyMemory<TripleQuery> queries, Memory<float> values, int stride, CancellationToken cancellationToken = default) =>
        Parallel.For(0, queries.Length, new ParallelOptions { CancellationToken = cancellationToken }, Rent, (row, _, scratch) =>
        {
            Compute(queries.Span[row], scratch, values.Span.Slice(row * stride, Slots.Count));
            return scratch;
        }, _scratch.Add);

    private FeatureScratch Rent() => _scratch.TryTake(out FeatureScratch? scratch) ? scratch : new FeatureScratch(Edges);

    private void Compute(TripleQuery triple, FeatureScratch scratch, Span<float> values)
    {
        var query = new FeatureQuery(Edges, triple);
        scratch.Common.Find(query.Edges, triple.Triple.Head, triple.Triple.Tail);
        foreach (IFeatureGroup group in _groups)
        {
            group.Compute(query, scratch, values[..group.Slots.Count]);
            values = values[group.Slots.Count..];
        }
    }
}
