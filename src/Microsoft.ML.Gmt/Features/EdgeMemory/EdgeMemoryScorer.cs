using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// Scores triples by the edge memory, both directions together. The entry that a triple would add is left out by construction; under a mask
/// so is what the query's edge says elsewhere.
/// </summary>
internal sealed class EdgeMemoryScorer(KnowledgeGraph graph, SignedEdges edges, IRidgeInverse inverse) : ITripleScorer
{
    private readonly Lazy<KnownTriples> _fittedOn = new(() => new KnownTriples(graph, GraphSplit.Train));

    /// <inheritdoc/>
    public KnowledgeGraph Graph => graph;

    /// <inheritdoc/>
    public KnownTriples FittedOn => _fittedOn.Value;

    /// <inheritdoc/>
    public bool CanMask => true;

    /// <inheritdoc/>
    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores)
    {
        ScorerArguments.CheckRoom(triples.Length, 1, scores, nameof(scores));
        ScorerArguments.CheckTriples(graph, triples.Span, nameof(triples));
        Parallel.For(0, triples.Length, row => scores.Span[row] = Of(triples.Span[row], triples.Span[row], mask));
    }

    /// <inheritdoc/>
    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, mask, scores, (query, entity) => query with { Tail = entity });

    /// <inheritdoc/>
    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, mask, scores, (query, entity) => query with { Head = entity });

    private void Fill(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores, Func<Triple, int, Triple> candidate)
    {
        int entities = graph.Entities.Count;
        ScorerArguments.CheckRoom(queries.Length, entities, scores, nameof(scores));
        ScorerArguments.CheckTriples(graph, queries.Span, nameof(queries));
        Parallel.For(0, queries.Length * (long)entities, i =>
        {
            Triple query = queries.Span[(int)(i / entities)];
            scores.Span[(int)i] = Of(candidate(query, (int)(i % entities)), query, mask);
        });
    }

    private float Of(Triple triple, Triple hidden, QueryMask mask)
    {
        MaskedEdges seen = mask.Edges ? new(edges, hidden) : new(edges);
        var (head, relation, tail) = triple;
        return (float)(RidgePrediction.Of(inverse, seen, new FeatureSide(head, 2 * relation, tail))
            + RidgePrediction.Of(inverse, seen, new FeatureSide(tail, (2 * relation) + 1, head)));
    }
}
