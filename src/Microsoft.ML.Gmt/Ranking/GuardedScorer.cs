using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>A scorer whose native memory belongs to another object: it refuses questions once that is disposed, and never before an
/// answer.</summary>
internal sealed class GuardedScorer(ITripleScorer scorer, NativeLifetime lifetime) : ITripleScorer
{
    /// <inheritdoc/>
    public KnowledgeGraph Graph => scorer.Graph;

    /// <inheritdoc/>
    public KnownTriples? FittedOn => scorer.FittedOn;

    /// <inheritdoc/>
    public bool CanMask => scorer.CanMask;

    /// <inheritdoc/>
    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores)
    {
        using NativeLifetime.Use use = lifetime.Begin();
        scorer.Score(triples, mask, scores);
    }

    /// <inheritdoc/>
    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores)
    {
        using NativeLifetime.Use use = lifetime.Begin();
        scorer.ScoreTails(queries, mask, scores);
    }

    /// <inheritdoc/>
    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores)
    {
        using NativeLifetime.Use use = lifetime.Begin();
        scorer.ScoreHeads(queries, mask, scores);
    }

    /// <inheritdoc/>
    public void ScoreBothSides(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> heads, Memory<float> tails)
    {
        using NativeLifetime.Use use = lifetime.Begin();
        scorer.ScoreBothSides(queries, mask, heads, tails);
    }
}
