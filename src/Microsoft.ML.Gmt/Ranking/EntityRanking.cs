using System.Globalization;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Link prediction by any model: ranks all entities, or chosen ones, as heads and as tails of triples.</summary>
/// <remarks>
/// Filtered ranking (Bordes et al. 2013) leaves out the other entities that make a known triple. To choose a model, filter by training and
/// validation triples; for final figures, by all. Ranks keep ties: <see cref="EntityRank"/> counts what is higher and what is equal.
/// Triples that share a question, such as the tails of (h, r), share its scores. Memory is bounded whatever the number of triples: the
/// scores of at most 512 questions are held at once, 16 MB; of graphs of more than 130,000 entities those of 32, up to 128 MB, or of as
/// many as fit into that. Under a mask it is twice as much.
/// </remarks>
/// <example>
/// Any model that can score triples is ranked alike; here stage 1:
/// <code>
/// using SgmTransformer model = ml.Transforms.SgmPretrain(graph).Fit(graph.ToDataView());
/// Triple[] test = [.. graph.Triples(GraphSplit.Test)];
/// IReadOnlyList&lt;TripleRanks> ranks = EntityRanking.Rank(model.Scorer, test, new KnownTriples(graph), QueryMask.Full);
/// Console.WriteLine(ranks.Average(triple => (1 / triple.Head.Realistic) + (1 / triple.Tail.Realistic)) / 2);
/// </code>
/// </example>
public static class EntityRanking
{
    /// <summary>Ranks the head and the tail of triples.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="triples">True triples.</param>
    /// <param name="filter">Known triples that are left out of the candidates; null for raw ranks.</param>
    /// <param name="mask">
    /// What of each triple is hidden in its own queries. It matters where triples are edges of the graph; other triples get the ranks that
    /// they get without.
    /// </param>
    /// <param name="progress">Receives how many triples were ranked since it was last told; null for no progress reports.</param>
    /// <param name="cancellationToken">Ends the ranking; looked at between batches.</param>
    /// <returns>Ranks in the order of the triples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="ArgumentException">The filter is of a graph with other numbers of entities or relations.</exception>
    /// <exception cref="NotSupportedException">
    /// There is a mask, and the model cannot mask; see <see cref="ITripleScorer.CanMask"/>.
    /// </exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite, so there is no rank.</exception>
    public static IReadOnlyList<TripleRanks> Rank(
        ITripleScorer scorer, IReadOnlyList<Triple> triples, KnownTriples? filter, QueryMask mask, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) =>
        Rank(scorer, triples, filter, mask, candidates: null, progress, cancellationToken);

    /// <summary>Ranks the head and the tail of triples among chosen entities.</summary>
    /// <remarks>The model scores all entities all the same: what is saved is the counting.</remarks>
    /// <param name="scorer">The model.</param>
    /// <param name="triples">True triples.</param>
    /// <param name="filter">Known triples that are left out of the candidates; null for raw ranks.</param>
    /// <param name="mask">What of each triple is hidden in its own queries.</param>
    /// <param name="candidates">Which entities an answer is ranked among; null for all.</param>
    /// <param name="progress">Receives how many triples were ranked since it was last told; null for no progress reports.</param>
    /// <param name="cancellationToken">Ends the ranking; looked at between batches.</param>
    /// <returns>Ranks in the order of the triples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple or a candidate is not of the graph.</exception>
    /// <exception cref="ArgumentException">
    /// The filter or the candidates are of a graph with other numbers of entities or relations, or of another number of triples.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// There is a mask, and the model cannot mask; see <see cref="ITripleScorer.CanMask"/>.
    /// </exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite, so there is no rank.</exception>
    public static IReadOnlyList<TripleRanks> Rank(
        ITripleScorer scorer, IReadOnlyList<Triple> triples, KnownTriples? filter, QueryMask mask, EntityCandidates? candidates,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Rank(SingleRank.Instance, scorer, triples, filter, mask, candidates, progress, cancellationToken);

    /// <summary>The same, with the work shared by several processes, all of which get all ranks.</summary>
    internal static IReadOnlyList<TripleRanks> Rank(
        ICollective ranks, ITripleScorer scorer, IReadOnlyList<Triple> triples, KnownTriples? filter, QueryMask mask,
        EntityCandidates? candidates, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(triples);
        Triple[] all = [.. triples];
        ScorerArguments.CheckTriples(scorer.Graph, all, nameof(triples));
        if (filter is not null && filter.Bounds != scorer.Graph.Bounds)
        {
            throw new ArgumentException(
                $"The filter is of a graph with {filter.Bounds}, the model's graph has {scorer.Graph.Bounds}.", nameof(filter));
        }

        candidates?.Check(scorer.Graph.Bounds, all.Length, nameof(candidates));
        return new RankingRun(scorer, all, new RankCounter(all, filter, candidates), mask, progress, cancellationToken, ranks).Rank();
    }

    /// <summary>Mean reciprocal realistic rank over both sides; 0 without triples.</summary>
    /// <param name="ranks">The ranks.</param>
    public static double MeanReciprocalRank(IReadOnlyList<TripleRanks> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        return ranks.Count == 0 ? 0 : ranks.Average(rank => ((1 / rank.Head.Realistic) + (1 / rank.Tail.Realistic)) / 2);
    }

    /// <summary>The figures of link prediction: by side, by type of rank, by relation and by half-links.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="relationName">
    /// Names a relation; null for its id in digits. Names are the keys of the figures by relation: take them from
    /// <see cref="KnowledgeGraph.Relations"/>, for two relations may have one label.
    /// </param>
    /// <param name="hitsAt">The k of Hits@k; null for 1, 3, 5 and 10.</param>
    /// <param name="observed">
    /// The triples that the model read, as a rule those of <see cref="GraphSplit.Train"/>, for the figures by which half-links of a triple
    /// they hold (<see cref="LinkPredictionMetrics.ByHalfLinks"/>); null for none.
    /// </param>
    /// <exception cref="ArgumentException">Two relations get one name.</exception>
    public static LinkPredictionMetrics Metrics(
        IEnumerable<TripleRanks> ranks, Func<int, string>? relationName = null, IReadOnlyList<int>? hitsAt = null,
        KnownTriples? observed = null)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        Func<int, string> name = relationName ?? (relation => relation.ToString(CultureInfo.InvariantCulture));
        TripleRanks[] all = [.. ranks];
        Dictionary<int, string> names = Distinct([.. all.Select(triple => triple.Triple.Relation).Distinct()], name);
        return LinkPredictionMetrics.Compute(all.SelectMany(triple =>
        {
            HalfLinks? seen = observed is null ? null : ObservedHalfLinks.Of(observed, triple.Triple);
            return new[]
            {
                new RankedQuery(names[triple.Triple.Relation], RankSide.Head, triple.Head, seen),
                new RankedQuery(names[triple.Triple.Relation], RankSide.Tail, triple.Tail, seen),
            };
        }), hitsAt);
    }

    private static Dictionary<int, string> Distinct(int[] relations, Func<int, string> name)
    {
        Dictionary<int, string> names = relations.ToDictionary(relation => relation, name);
        int[]? shared = names.GroupBy(pair => pair.Value, pair => pair.Key).FirstOrDefault(group => group.Count() > 1)?.Order().ToArray();
        return shared is null
            ? names
            : throw new ArgumentException(
                $"Relations {shared[0]} and {shared[1]} are both named '{names[shared[0]]}', and would be counted as one; "
                + $"name relations by {nameof(KnowledgeGraph)}.{nameof(KnowledgeGraph.Relations)}.", nameof(name));
    }
}
