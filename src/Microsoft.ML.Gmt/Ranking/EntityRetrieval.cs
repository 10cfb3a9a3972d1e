using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Finds the entities that complete a triple best, by a model's scores of all of them.</summary>
/// <remarks>What completes the triple is not known yet, so nothing is masked.</remarks>
/// <example>
/// <code>
/// using SgmTransformer model = ml.Transforms.SgmPretrain(graph).Fit(graph.ToDataView());
/// var known = new KnownTriples(graph);
/// int sweden = graph.Entities.GetId("Q34"), memberOf = graph.Relations.GetId("P463");
/// foreach (ScoredTriple found in EntityRetrieval.Tails(model.Scorer, sweden, memberOf, 5, triple => !known.Contains(triple)))
/// {
///     Console.WriteLine($"{graph.TripleText(found.Triple)}: {found.Score:f3}");
/// }
/// </code>
/// </example>
public static class EntityRetrieval
{
    /// <summary>The best tails of (head, relation, ?).</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="head">Id of the head.</param>
    /// <param name="relation">Id of the relation, without inverses.</param>
    /// <param name="count">How many to find.</param>
    /// <param name="isWanted">Which triples count, such as those that are not known yet; null for all.</param>
    /// <returns>Best first; of equal scores the smaller id.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph, or the count is negative.</exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite, so there is no order.</exception>
    public static IReadOnlyList<ScoredTriple> Tails(
        ITripleScorer scorer, int head, int relation, int count, Func<Triple, bool>? isWanted = null)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        var query = new Triple(head, relation, head);
        return Best(scorer, query, scorer.ScoreTails, entity => query with { Tail = entity }, count, isWanted);
    }

    /// <summary>The best heads of (?, relation, tail).</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="relation">Id of the relation, without inverses.</param>
    /// <param name="tail">Id of the tail.</param>
    /// <param name="count">How many to find.</param>
    /// <param name="isWanted">Which triples count, such as those that are not known yet; null for all.</param>
    /// <returns>Best first; of equal scores the smaller id.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph, or the count is negative.</exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite, so there is no order.</exception>
    public static IReadOnlyList<ScoredTriple> Heads(
        ITripleScorer scorer, int relation, int tail, int count, Func<Triple, bool>? isWanted = null)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        var query = new Triple(tail, relation, tail);
        return Best(scorer, query, scorer.ScoreHeads, entity => query with { Head = entity }, count, isWanted);
    }

    private static ScoredTriple[] Best(
        ITripleScorer scorer, Triple query, Action<ReadOnlyMemory<Triple>, QueryMask, Memory<float>> score, Func<int, Triple> complete,
        int count, Func<Triple, bool>? isWanted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        scorer.Graph.Bounds.Check(query, nameof(query));
        float[] scores = new float[scorer.Graph.Entities.Count];
        Triple[] queries = [query];
        score(queries, QueryMask.None, scores);
        ScorerArguments.CheckScores(scorer.Graph, scores, queries);
        return
        [
            .. scores.Select((score, entity) => new ScoredTriple(complete(entity), score))
                .Where(candidate => isWanted?.Invoke(candidate.Triple) != false)
                .OrderByDescending(candidate => candidate.Score).Take(count),
        ];
    }
}
