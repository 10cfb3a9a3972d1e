using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Tests.Ranking;

/// <summary>A scorer that is no model: any function of a triple, without vectors, edges or libtorch.</summary>
internal sealed class FunctionScorer(KnowledgeGraph graph, Func<Triple, float> score) : ITripleScorer
{
    public KnowledgeGraph Graph => graph;

    public KnownTriples? FittedOn => null;

    public bool CanMask => false;

    /// <summary>How many queries each call asked, both sides apart.</summary>
    public List<int> Asked { get; } = [];

    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores) =>
        Array.ConvertAll(triples.ToArray(), triple => score(triple)).CopyTo(scores);

    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, mask, scores.Span, (query, entity) => query with { Tail = entity });

    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, mask, scores.Span, (query, entity) => query with { Head = entity });

    private void Fill(ReadOnlyMemory<Triple> queries, QueryMask mask, Span<float> scores, Func<Triple, int, Triple> candidate)
    {
        if (mask != QueryMask.None)
        {
            throw new NotSupportedException("A function has no edges to forget.");
        }

        Asked.Add(queries.Length);
        Assert.AreEqual(queries.Length * graph.Entities.Count, scores.Length);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = score(candidate(queries.Span[i / graph.Entities.Count], i % graph.Entities.Count));
        }
    }
}
