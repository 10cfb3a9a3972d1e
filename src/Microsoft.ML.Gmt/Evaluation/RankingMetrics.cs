namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>Figures over some ranks of one type, as PyKEEN defines them. All are NaN without ranks.</summary>
/// <param name="Count">How many ranks there are.</param>
/// <param name="MeanRank">MR = mean of the ranks; 1 at best.</param>
/// <param name="MeanReciprocalRank">MRR = mean of 1 / rank; 1 at best.</param>
/// <param name="AdjustedMeanRankIndex">
/// AMRI = 1 − (MR − 1) / (E[MR] − 1), E[MR] the mean of (candidates + 1) / 2: 1 at best, 0 for a random order, whatever the number of
/// candidates (arXiv 2002.06914). Where no query has a second candidate it is NaN.
/// </param>
/// <param name="HitsAt">Hits@k, the share of ranks that are at most k, by k.</param>
public sealed record RankingMetrics(
    int Count, double MeanRank, double MeanReciprocalRank, double AdjustedMeanRankIndex, IReadOnlyDictionary<int, double> HitsAt)
{
    /// <summary>The k of Hits@k that are computed where none are asked for: 1, 3, 5 and 10.</summary>
    public static IReadOnlyList<int> DefaultHitsAt { get; } = [1, 3, 5, 10];

    /// <summary>Computes the figures.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="type">How ties are broken.</param>
    /// <param name="hitsAt">The k of Hits@k, each at least 1; null for <see cref="DefaultHitsAt"/>.</param>
    public static RankingMetrics Compute(IEnumerable<EntityRank> ranks, RankType type, IReadOnlyList<int>? hitsAt = null)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        int[] cuts = Cuts(hitsAt);
        int[] hits = new int[cuts.Length];
        int count = 0;
        double sum = 0, reciprocals = 0, expected = 0;
        foreach (EntityRank entry in ranks)
        {
            double rank = entry.Of(type);
            count++;
            sum += rank;
            reciprocals += 1 / rank;
            expected += entry.Expected;
            for (int i = 0; i < cuts.Length; i++)
            {
                hits[i] += rank <= cuts[i] ? 1 : 0;
            }
        }

        double mean = sum / count;
        return new RankingMetrics(
            count, mean, reciprocals / count, 1 - ((mean - 1) / ((expected / count) - 1)),
            cuts.Zip(hits).ToDictionary(pair => pair.First, pair => (double)pair.Second / count));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string hits = string.Join(", ", HitsAt.Select(hit => FormattableString.Invariant($"Hits@{hit.Key} {hit.Value:f4}")));
        return FormattableString.Invariant(
            $"{Count} ranks: MR {MeanRank:f1}, MRR {MeanReciprocalRank:f4}, AMRI {AdjustedMeanRankIndex:f4}, {hits}");
    }

    private static int[] Cuts(IReadOnlyList<int>? hitsAt)
    {
        int[] cuts = [.. (hitsAt ?? DefaultHitsAt).Distinct()];
        foreach (int cut in cuts)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(cut, 1, nameof(hitsAt));
        }

        return cuts;
    }
}
