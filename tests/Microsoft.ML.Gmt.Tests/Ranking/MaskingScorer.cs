using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Tests.Ranking;

/// <summary>
/// A scorer that is no model: a candidate's score is a function of it and of the triple that is hidden, where the graph states the query.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="score">Candidate and hidden triple, null where nothing is hidden, to score.</param>
internal sealed class MaskingScorer(KnowledgeGraph graph, Func<Triple, Triple?, float> score) : ITripleScorer
{
    public KnowledgeGraph Graph => graph;

    public KnownTriples? FittedOn => null;

    public bool CanMask => true;

    /// <summary>How many rows were asked for, both sides together.</summary>
    public int Rows { get; private set; }

    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores) =>
        Array.ConvertAll(triples.ToArray(), triple => score(triple, Hidden(triple, mask))).CopyTo(scores);

    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, mask, scores.Span, (query, entity) => query with { Tail = entity });

    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, mask, scores.Span, (query, entity) => query with { Head = entity });

    private void Fill(ReadOnlyMemory<Triple> queries, QueryMask mask, Span<float> scores, Func<Triple, int, Triple> candidate)
    {
        Rows += queries.Length;
        for (int i = 0; i < scores.Length; i++)
        {
            Triple query = queries.Span[i / graph.Entities.Count];
            scores[i] = score(candidate(query, i % graph.Entities.Count), Hidden(query, mask));
        }
    }

    /// <summary>By the definition: an edge states a triple where it joins two of its ends, or one to itself, by its relation.</summary>
    private Triple? Hidden(Triple query, QueryMask mask)
    {
        bool IsEnd(int entity) => entity == query.Head || entity == query.Tail;
        bool States(Triple triple) => triple.Relation == query.Relation && IsEnd(triple.Head) && IsEnd(triple.Tail);
        return mask.Edges && graph.Triples(GraphSplit.Train).ToArray().Any(States) ? query : null;
    }
}
