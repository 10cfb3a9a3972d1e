using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Ranking;

/// <summary>DistMult by given vectors: what embeddings will be.</summary>
/// <param name="graph">The graph.</param>
/// <param name="entities">[entities, d].</param>
/// <param name="relations">[relations, d].</param>
internal sealed class VectorScorer(KnowledgeGraph graph, Tensor entities, Tensor relations) : ITripleScorer
{
    public KnowledgeGraph Graph => graph;

    public KnownTriples? FittedOn => null;

    public bool CanMask => false;

    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores)
    {
        using var scope = NewDisposeScope();
        DistMult.Score(entities, relations, triples.ToArray()).data<float>().ToArray().CopyTo(scores);
    }

    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores)
    {
        using var scope = NewDisposeScope();
        EntityQueries.Of(entities, relations, queries.ToArray()).ScoreTails(scores);
    }

    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores)
    {
        using var scope = NewDisposeScope();
        EntityQueries.Of(entities, relations, queries.ToArray()).ScoreHeads(scores);
    }
}
