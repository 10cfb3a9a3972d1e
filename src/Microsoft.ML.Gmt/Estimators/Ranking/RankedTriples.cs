using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Ranks as rows.</summary>
internal static class RankedTriples
{
    /// <summary>Ranks entities as tails and heads of triples, filtered by known triples and by these themselves.</summary>
    /// <param name="host">Whose cancellation ends the ranking as well.</param>
    /// <param name="scorer">The model.</param>
    /// <param name="triples">True triples.</param>
    /// <param name="mask">What of each triple is hidden in its own queries.</param>
    /// <param name="filter">The splits of the graph whose triples are known; null for all.</param>
    /// <param name="candidates">Which entities an answer is ranked among; null for all.</param>
    /// <param name="cancellationToken">Ends the ranking.</param>
    public static IDataView Rank(
        IHost host, ITripleScorer scorer, Triple[] triples, QueryMask mask, IReadOnlyCollection<GraphSplit>? filter,
        EntityCandidates? candidates, CancellationToken cancellationToken)
    {
        using var cancellation = new HostCancellation(host, cancellationToken);
        var known = new KnownTriples(scorer.Graph, triples, [.. filter ?? Enum.GetValues<GraphSplit>()]);
        IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(
            scorer, triples, known, mask, candidates, cancellationToken: cancellation.Token);
        return new MLContext().Data.LoadFromEnumerable(Rows(scorer.Graph, ranks));
    }

    /// <summary>Two rows for each triple: its tail's rank and its head's.</summary>
    public static List<EntityRankRow> Rows(KnowledgeGraph graph, IReadOnlyList<TripleRanks> ranks)
    {
        var training = new KnownTriples(graph, GraphSplit.Train);
        return
        [
            .. ranks.SelectMany(triple =>
            {
                HalfLinks seen = ObservedHalfLinks.Of(training, triple.Triple);
                return new[]
                {
                    Row(graph, triple.Triple, RankSide.Tail, triple.Tail, seen),
                    Row(graph, triple.Triple, RankSide.Head, triple.Head, seen),
                };
            }),
        ];
    }

    private static EntityRankRow Row(KnowledgeGraph graph, Triple triple, RankSide side, EntityRank rank, HalfLinks seen) => new()
    {
        Head = graph.Entities[triple.Head],
        Relation = graph.Relations[triple.Relation],
        Tail = graph.Entities[triple.Tail],
        Side = side.ToString(),
        OptimisticRank = rank.Optimistic,
        RealisticRank = rank.Realistic,
        PessimisticRank = rank.Pessimistic,
        Candidates = rank.Candidates,
        HeadRelationSeen = seen.HasFlag(HalfLinks.HeadRelation),
        RelationTailSeen = seen.HasFlag(HalfLinks.RelationTail),
    };
}
