using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>A question whose first candidates were scored a second time.</summary>
/// <param name="Retrieved">The candidates, and their first scores.</param>
/// <param name="Scores">Their second scores, in the same order.</param>
/// <param name="Rank">The answer's rank among all entities by the first scores.</param>
internal readonly record struct RerankedQuestion(RetrievedCandidates Retrieved, double[] Scores, EntityRank Rank)
{
    /// <summary>The answer's rank by first score + weight · second score among the candidates, all others behind them.</summary>
    public EntityRank RankBy(double weight)
    {
        if (weight == 0)
        {
            return Rank;
        }

        int count = Retrieved.Entities.Length, answer = Retrieved.AnswerPlace;
        if (answer < 0)
        {
            int higher = Math.Max(Rank.Higher, count);
            return Rank with { Higher = higher, Equal = Math.Max(Rank.Higher + Rank.Equal - higher, 0) };
        }

        (int above, int beside) = (0, 0);
        double own = Combined(answer, weight);
        for (int place = 0; place < count; place++)
        {
            double other = Combined(place, weight);
            above += other > own ? 1 : 0;
            beside += other == own && place != answer ? 1 : 0;
        }

        return Rank with { Higher = above, Equal = beside };
    }

    private double Combined(int place, double weight) => double.IsPositiveInfinity(weight)
        ? Scores[place]
        : Retrieved.Scores[place] + (weight * Scores[place]);
}
