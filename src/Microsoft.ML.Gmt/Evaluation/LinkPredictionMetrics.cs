namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>The rank of one question of link prediction.</summary>
/// <param name="Relation">The relation's name.</param>
/// <param name="Side">Whether the head or the tail was sought.</param>
/// <param name="Rank">The true entity's rank.</param>
/// <param name="Seen">Which half-links of the triple the graph holds; null where that is not known.</param>
internal readonly record struct RankedQuery(string Relation, RankSide Side, EntityRank Rank, HalfLinks? Seen = null);

/// <summary>The figures of one side under the three ways of breaking ties.</summary>
/// <param name="Optimistic">The true entity is put before those with the same score.</param>
/// <param name="Realistic">Equals are shuffled.</param>
/// <param name="Pessimistic">The true entity is put after those with the same score.</param>
public sealed record SideMetrics(RankingMetrics Optimistic, RankingMetrics Realistic, RankingMetrics Pessimistic)
{
    /// <summary>The figures of a type.</summary>
    /// <param name="type">How ties are broken.</param>
    public RankingMetrics Of(RankType type) => type switch
    {
        RankType.Optimistic => Optimistic,
        RankType.Realistic => Realistic,
        RankType.Pessimistic => Pessimistic,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such type of rank."),
    };

    internal static SideMetrics Compute(IReadOnlyList<EntityRank> ranks, IReadOnlyList<int>? hitsAt)
    {
        ChanceFigures chance = ChanceFigures.Of(ranks, RankingMetrics.Cuts(hitsAt));
        return new(
            RankingMetrics.Compute(ranks, RankType.Optimistic, chance), RankingMetrics.Compute(ranks, RankType.Realistic, chance),
            RankingMetrics.Compute(ranks, RankType.Pessimistic, chance));
    }
}

/// <summary>How well entities were found: figures by side, by type of rank, by relation and by half-links.</summary>
/// <remarks>
/// The figures named here directly are those of both sides together under realistic ranks, which is what is usually published.
/// </remarks>
public sealed class LinkPredictionMetrics
{
    private LinkPredictionMetrics(IReadOnlyList<RankedQuery> queries, IReadOnlyList<int>? hitsAt)
    {
        EntityRank[] Side(RankSide side) => [.. queries.Where(query => query.Side == side).Select(query => query.Rank)];
        Head = SideMetrics.Compute(Side(RankSide.Head), hitsAt);
        Tail = SideMetrics.Compute(Side(RankSide.Tail), hitsAt);
        Both = SideMetrics.Compute([.. queries.Select(query => query.Rank)], hitsAt);
    }

    /// <summary>Questions for the head.</summary>
    public SideMetrics Head { get; }

    /// <summary>Questions for the tail.</summary>
    public SideMetrics Tail { get; }

    /// <summary>All questions together.</summary>
    public SideMetrics Both { get; }

    /// <summary>The figures of each relation, by its name; empty for those of a relation itself.</summary>
    public IReadOnlyDictionary<string, LinkPredictionMetrics> ByRelation { get; private init; } =
        new Dictionary<string, LinkPredictionMetrics>();

    /// <summary>
    /// The figures of triples by which of their half-links the graph holds; cases without a triple are left out. Empty where that was not
    /// asked for, and for the figures of a relation or a case themselves.
    /// </summary>
    public IReadOnlyDictionary<HalfLinks, LinkPredictionMetrics> ByHalfLinks { get; private init; } =
        new Dictionary<HalfLinks, LinkPredictionMetrics>();

    /// <summary>Mean of 1 / rank.</summary>
    public double MeanReciprocalRank => Both.Realistic.MeanReciprocalRank;

    /// <summary>Mean of the ranks.</summary>
    public double MeanRank => Both.Realistic.MeanRank;

    /// <summary>1 at best, 0 for a random order; see <see cref="RankingMetrics.AdjustedMeanRankIndex"/>.</summary>
    public double AdjustedMeanRankIndex => Both.Realistic.AdjustedMeanRankIndex;

    /// <summary>The share of true entities among the first k.</summary>
    /// <param name="k">One of those that were asked for; by default 1, 3, 5 and 10.</param>
    /// <exception cref="KeyNotFoundException">This k was not asked for.</exception>
    public double HitsAt(int k) => Both.Realistic.HitsAt.TryGetValue(k, out double share) ? share : throw new KeyNotFoundException(
        $"Hits@{k} was not computed; there is Hits@{string.Join(", ", Both.Realistic.HitsAt.Keys)}. Ask for it when you compute the metrics.");

    /// <summary>Computes the figures of some questions.</summary>
    /// <param name="queries">The questions with their ranks.</param>
    /// <param name="hitsAt">The k of Hits@k; null for 1, 3, 5 and 10.</param>
    internal static LinkPredictionMetrics Compute(IEnumerable<RankedQuery> queries, IReadOnlyList<int>? hitsAt = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        RankedQuery[] all = [.. queries];
        return new LinkPredictionMetrics(all, hitsAt)
        {
            ByRelation = all.GroupBy(query => query.Relation, StringComparer.Ordinal)
                .OrderBy(relation => relation.Key, StringComparer.Ordinal)
                .ToDictionary(
                    relation => relation.Key, relation => new LinkPredictionMetrics([.. relation], hitsAt), StringComparer.Ordinal),
            ByHalfLinks = all.Where(query => query.Seen is not null).GroupBy(query => query.Seen!.Value).OrderBy(seen => seen.Key)
                .ToDictionary(seen => seen.Key, seen => new LinkPredictionMetrics([.. seen], hitsAt)),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Both.Realistic.ToString();
}
