using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Finds the entities that complete a triple best, by a model's scores of all of them.</summary>
/// <remarks>
/// What completes the triple is not known yet, so nothing is masked, but for answers that the graph states: under a mask each is scored as
/// if the graph lacked it, which costs a question for each, and they compare with the others.
/// </remarks>
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
    /// <param name="mask">
    /// What of an answer that the graph states is hidden from its own score; nothing by default. A model that can't mask hides nothing.
    /// </param>
    /// <param name="cancellationToken">Ends the work between two questions to the model; under a mask there may be many.</param>
    /// <returns>Best first; of equal scores the smaller id.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph, or the count is negative.</exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite, so there is no order.</exception>
    public static IReadOnlyList<ScoredTriple> Tails(
        ITripleScorer scorer, int head, int relation, int count, Func<Triple, bool>? isWanted = null, QueryMask mask = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        var query = new Triple(head, relation, head);
        return Best(scorer, query, scorer.ScoreTails, entity => query with { Tail = entity }, count, isWanted, mask, cancellationToken);
    }

    /// <summary>The best heads of (?, relation, tail).</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="relation">Id of the relation, without inverses.</param>
    /// <param name="tail">Id of the tail.</param>
    /// <param name="count">How many to find.</param>
    /// <param name="isWanted">Which triples count, such as those that are not known yet; null for all.</param>
    /// <param name="mask">
    /// What of an answer that the graph states is hidden from its own score; nothing by default. A model that can't mask hides nothing.
    /// </param>
    /// <param name="cancellationToken">Ends the work between two questions to the model; under a mask there may be many.</param>
    /// <returns>Best first; of equal scores the smaller id.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph, or the count is negative.</exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite, so there is no order.</exception>
    public static IReadOnlyList<ScoredTriple> Heads(
        ITripleScorer scorer, int relation, int tail, int count, Func<Triple, bool>? isWanted = null, QueryMask mask = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        var query = new Triple(tail, relation, tail);
        return Best(scorer, query, scorer.ScoreHeads, entity => query with { Head = entity }, count, isWanted, mask, cancellationToken);
    }

    private static ScoredTriple[] Best(
        ITripleScorer scorer, Triple query, Action<ReadOnlyMemory<Triple>, QueryMask, Memory<float>> score, Func<int, Triple> complete,
        int count, Func<Triple, bool>? isWanted, QueryMask mask, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        scorer.Graph.Bounds.Check(query, nameof(query));
        float[] scores = new float[scorer.Graph.Entities.Count];
        Score([query], QueryMask.None, scores);
        if (mask != QueryMask.None && scorer.CanMask)
        {
            // The query's both ends are the entity that is given.
            float[] own = new float[scores.Length];
            foreach (int answer in Neighbors(scorer.Graph, query.Head).Where(entity => isWanted?.Invoke(complete(entity)) != false))
            {
                if (HiddenEdges.Exist(scorer.Graph, complete(answer)))
                {
                    Score([complete(answer)], mask, own);
                    scores[answer] = own[answer];
                }
            }
        }

        return
        [
            .. scores.Select((score, entity) => new ScoredTriple(complete(entity), score))
                .Where(candidate => isWanted?.Invoke(candidate.Triple) != false)
                .OrderByDescending(candidate => candidate.Score).Take(count),
        ];

        void Score(Triple[] queries, QueryMask hides, float[] room)
        {
            cancellationToken.ThrowIfCancellationRequested();
            score(queries, hides, room);
            ScorerArguments.CheckScores(scorer.Graph, room, queries);
        }
    }

    private static int[] Neighbors(KnowledgeGraph graph, int entity) =>
        [.. graph.Adjacency.Neighbors[graph.Adjacency.EdgesOf(entity)].ToArray().Distinct()];
}
