using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt;

/// <summary>Ranks as rows.</summary>
internal static class RankedTriples
{
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
