namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>
/// Figures over some ranks of one type, as PyKEEN defines them. "By chance" means: every order of the candidates is as likely as any other
/// (Hoyt et al., arXiv 2203.07544). All are NaN without ranks; those adjusted for chance also where no other value is possible, as with one
/// candidate for each rank.
/// </summary>
public sealed record RankingMetrics
{
    // The third quartile of the standard normal distribution.
    private const double NormalQuartile = 0.6744897501960817;

    private RankingMetrics()
    {
    }

    /// <summary>The k of Hits@k that are computed where none are asked for: 1, 3, 5 and 10.</summary>
    public static IReadOnlyList<int> DefaultHitsAt { get; } = [1, 3, 5, 10];

    /// <summary>How many ranks there are.</summary>
    public int Count { get; private init; }

    /// <summary>MR = mean of the ranks; 1 at best.</summary>
    public double MeanRank { get; private init; }

    /// <summary>The n-th root of the product of the ranks; 1 at best.</summary>
    public double GeometricMeanRank { get; private init; }

    /// <summary>The middle rank, of an even number of ranks the mean of the two in the middle; 1 at best.</summary>
    public double MedianRank { get; private init; }

    /// <summary>MRR = mean of 1 / rank; 1 at best.</summary>
    public double MeanReciprocalRank { get; private init; }

    /// <summary>1 / MRR; 1 at best.</summary>
    public double HarmonicMeanRank => 1 / MeanReciprocalRank;

    /// <summary>1 / MR; 1 at best.</summary>
    public double InverseMeanRank => 1 / MeanRank;

    /// <summary>1 / geometric mean rank; 1 at best.</summary>
    public double InverseGeometricMeanRank => 1 / GeometricMeanRank;

    /// <summary>1 / median rank; 1 at best.</summary>
    public double InverseMedianRank => 1 / MedianRank;

    /// <summary>Hits@k, the share of ranks that are at most k, by k.</summary>
    public IReadOnlyDictionary<int, double> HitsAt { get; private init; } = new Dictionary<int, double>();

    /// <summary>How many ranks there are of each size; empty without ranks.</summary>
    public IReadOnlyList<RankBin> Histogram { get; private init; } = [];

    /// <summary>The mean squared distance of the ranks from their mean.</summary>
    public double Variance { get; private init; }

    /// <summary>The square root of <see cref="Variance"/>.</summary>
    public double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>
    /// The median distance of the ranks from their median, divided by 0.6745, so that of normally distributed numbers it is their standard
    /// deviation.
    /// </summary>
    public double MedianAbsoluteDeviation { get; private init; }

    /// <summary>AMR = MR / E[MR], E[MR] the mean of (candidates + 1) / 2: 1 by chance, lower is better (arXiv 2002.06914).</summary>
    public double AdjustedMeanRank { get; private init; }

    /// <summary>
    /// AMRI = 1 − (MR − 1) / (E[MR] − 1): 1 at best, 0 by chance, whatever the number of candidates (arXiv 2002.06914).
    /// </summary>
    public double AdjustedMeanRankIndex { get; private init; }

    /// <summary>(GMR − E[GMR]) / (1 − E[GMR]) of the geometric mean rank: 1 at best, 0 by chance.</summary>
    public double AdjustedGeometricMeanRankIndex { get; private init; }

    /// <summary>AMRR = (MRR − E[MRR]) / (1 − E[MRR]): 1 at best, 0 by chance.</summary>
    public double AdjustedMeanReciprocalRank { get; private init; }

    /// <summary>(Hits@k − E[Hits@k]) / (1 − E[Hits@k]) by k: 1 at best, 0 by chance.</summary>
    public IReadOnlyDictionary<int, double> AdjustedHitsAt { get; private init; } = new Dictionary<int, double>();

    /// <summary>(E[MR] − MR) / σ[MR]: by how many standard deviations the mean rank is better than chance.</summary>
    public double ZMeanRank { get; private init; }

    /// <summary>(E[GMR] − GMR) / σ[GMR] of the geometric mean rank.</summary>
    public double ZGeometricMeanRank { get; private init; }

    /// <summary>(MRR − E[MRR]) / σ[MRR].</summary>
    public double ZMeanReciprocalRank { get; private init; }

    /// <summary>(Hits@k − E[Hits@k]) / σ[Hits@k] by k.</summary>
    public IReadOnlyDictionary<int, double> ZHitsAt { get; private init; } = new Dictionary<int, double>();

    /// <summary>Computes the figures.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="type">How ties are broken.</param>
    /// <param name="hitsAt">The k of Hits@k, each at least 1; null for <see cref="DefaultHitsAt"/>.</param>
    public static RankingMetrics Compute(IEnumerable<EntityRank> ranks, RankType type, IReadOnlyList<int>? hitsAt = null)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        EntityRank[] all = [.. ranks];
        return Compute(all, type, ChanceFigures.Of(all, Cuts(hitsAt)));
    }

    /// <summary>All figures by PyKEEN's names of them, such as <c>inverse_harmonic_mean_rank</c> for the MRR.</summary>
    public IReadOnlyDictionary<string, double> ToDictionary()
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["count"] = Count,
            ["arithmetic_mean_rank"] = MeanRank,
            ["geometric_mean_rank"] = GeometricMeanRank,
            ["harmonic_mean_rank"] = HarmonicMeanRank,
            ["median_rank"] = MedianRank,
            ["inverse_arithmetic_mean_rank"] = InverseMeanRank,
            ["inverse_geometric_mean_rank"] = InverseGeometricMeanRank,
            ["inverse_harmonic_mean_rank"] = MeanReciprocalRank,
            ["inverse_median_rank"] = InverseMedianRank,
            ["variance"] = Variance,
            ["standard_deviation"] = StandardDeviation,
            ["median_absolute_deviation"] = MedianAbsoluteDeviation,
            ["adjusted_arithmetic_mean_rank"] = AdjustedMeanRank,
            ["adjusted_arithmetic_mean_rank_index"] = AdjustedMeanRankIndex,
            ["adjusted_geometric_mean_rank_index"] = AdjustedGeometricMeanRankIndex,
            ["adjusted_inverse_harmonic_mean_rank"] = AdjustedMeanReciprocalRank,
            ["z_arithmetic_mean_rank"] = ZMeanRank,
            ["z_geometric_mean_rank"] = ZGeometricMeanRank,
            ["z_inverse_harmonic_mean_rank"] = ZMeanReciprocalRank,
        };
        foreach (int k in HitsAt.Keys)
        {
            (figures[$"hits_at_{k}"], figures[$"adjusted_hits_at_{k}"], figures[$"z_hits_at_{k}"]) =
                (HitsAt[k], AdjustedHitsAt[k], ZHitsAt[k]);
        }

        return figures;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string hits = string.Join(", ", HitsAt.Select(hit => FormattableString.Invariant($"Hits@{hit.Key} {hit.Value:f4}")));
        return FormattableString.Invariant(
            $"{Count} ranks: MR {MeanRank:f1}, MRR {MeanReciprocalRank:f4}, AMRI {AdjustedMeanRankIndex:f4}, {hits}");
    }

    /// <summary>The k of Hits@k, each once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is below 1.</exception>
    internal static int[] Cuts(IReadOnlyList<int>? hitsAt)
    {
        int[] cuts = [.. (hitsAt ?? DefaultHitsAt).Distinct()];
        foreach (int cut in cuts)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(cut, 1, nameof(hitsAt));
        }

        return cuts;
    }

    /// <summary>Computes the figures where what chance gives is at hand.</summary>
    internal static RankingMetrics Compute(IReadOnlyList<EntityRank> all, RankType type, ChanceFigures chance)
    {
        double[] ranks = [.. all.Select(rank => rank.Of(type)).Order()];
        (double mean, double reciprocal, double geometric) = all.Count == 0
            ? (double.NaN, double.NaN, double.NaN)
            : (ranks.Average(), ranks.Average(rank => 1 / rank), Math.Exp(ranks.Average(Math.Log)));
        double median = Median(ranks);
        Dictionary<int, double> hits = chance.HitsAt.Keys.ToDictionary(
            k => k, k => (double)ranks.Count(rank => rank <= k) / ranks.Length);
        return new RankingMetrics
        {
            Count = ranks.Length,
            MeanRank = mean,
            GeometricMeanRank = geometric,
            MedianRank = median,
            MeanReciprocalRank = reciprocal,
            HitsAt = hits,
            Histogram = RankBin.Of(ranks),
            Variance = ranks.Sum(rank => (rank - mean) * (rank - mean)) / ranks.Length,
            MedianAbsoluteDeviation = Median([.. ranks.Select(rank => Math.Abs(rank - median)).Order()]) / NormalQuartile,
            AdjustedMeanRank = mean / chance.MeanRank.Mean,
            AdjustedMeanRankIndex = chance.MeanRank.Index(mean),
            AdjustedGeometricMeanRankIndex = chance.GeometricMeanRank.Index(geometric),
            AdjustedMeanReciprocalRank = chance.ReciprocalRank.Index(reciprocal),
            AdjustedHitsAt = hits.ToDictionary(hit => hit.Key, hit => chance.HitsAt[hit.Key].Index(hit.Value)),
            ZMeanRank = -chance.MeanRank.Score(mean),
            ZGeometricMeanRank = -chance.GeometricMeanRank.Score(geometric),
            ZMeanReciprocalRank = chance.ReciprocalRank.Score(reciprocal),
            ZHitsAt = hits.ToDictionary(hit => hit.Key, hit => chance.HitsAt[hit.Key].Score(hit.Value)),
        };
    }

    private static double Median(double[] sorted) =>
        sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
