namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>What is expected of a figure, and its variance, where every order of the candidates is as likely as any other.</summary>
/// <param name="Mean">The expectation.</param>
/// <param name="Variance">The variance.</param>
internal readonly record struct ChanceFigure(double Mean, double Variance)
{
    /// <summary>A figure that is 1 at best, as an index: 1 at best, 0 by chance. NaN where nothing but 1 is possible.</summary>
    public double Index(double figure) => (figure - Mean) / (1 - Mean);

    /// <summary>By how many standard deviations a figure is above chance. NaN where only one value is possible.</summary>
    public double Score(double figure) => (figure - Mean) / Math.Sqrt(Variance);
}

/// <summary>
/// What is expected of the figures of some ranks by chance: each rank is uniform on 1 … candidates, and independent of the others (Hoyt et
/// al., arXiv 2203.07544). It depends on the numbers of candidates alone, so it is one for all ways of breaking ties.
/// </summary>
/// <param name="MeanRank">Of the mean rank: mean of (C + 1) / 2.</param>
/// <param name="ReciprocalRank">Of the mean reciprocal rank: mean of H(C) / C, H the harmonic numbers.</param>
/// <param name="GeometricMeanRank">Of the geometric mean rank: the product of the means of j^(1/n) over j from 1 to C.</param>
/// <param name="HitsAt">Of Hits@k, by k: mean of min(k / C, 1).</param>
internal sealed record ChanceFigures(
    ChanceFigure MeanRank, ChanceFigure ReciprocalRank, ChanceFigure GeometricMeanRank, IReadOnlyDictionary<int, ChanceFigure> HitsAt)
{
    private static readonly PowerSum Reciprocals = new(-1), ReciprocalSquares = new(-2);

    /// <summary>Computes them.</summary>
    /// <param name="ranks">The ranks, of which only the numbers of candidates count.</param>
    /// <param name="cuts">The k of Hits@k.</param>
    public static ChanceFigures Of(IReadOnlyList<EntityRank> ranks, IReadOnlyList<int> cuts)
    {
        (int Candidates, int Count)[] sizes = [.. ranks.CountBy(rank => rank.Candidates).Select(size => (size.Key, size.Value))];
        return new ChanceFigures(
            Average(sizes, c => ((c + 1.0) / 2, (((double)c * c) - 1) / 12)),
            Average(sizes, c => Spread(Reciprocals.Of(c) / c, ReciprocalSquares.Of(c) / c)),
            Geometric(sizes, ranks.Count),
            cuts.ToDictionary(k => k, k => Average(sizes, c => Spread(Math.Min((double)k / c, 1), Math.Min((double)k / c, 1)))));
    }

    /// <summary>The mean of independent quantities, from mean and variance of each.</summary>
    private static ChanceFigure Average((int Candidates, int Count)[] sizes, Func<int, (double Mean, double Variance)> one)
    {
        (double mean, double variance, double ranks) = (0, 0, 0);
        foreach ((int candidates, int count) in sizes)
        {
            (double ofMean, double ofVariance) = one(candidates);
            (mean, variance, ranks) = (mean + (count * ofMean), variance + (count * ofVariance), ranks + count);
        }

        return new ChanceFigure(mean / ranks, variance / ranks / ranks);
    }

    private static (double Mean, double Variance) Spread(double mean, double meanOfSquares) =>
        (mean, Math.Max(0, meanOfSquares - (mean * mean)));

    /// <summary>Of a product of independent factors r^(1/n), in logarithms.</summary>
    private static ChanceFigure Geometric((int Candidates, int Count)[] sizes, int ranks)
    {
        if (ranks == 0)
        {
            return new ChanceFigure(double.NaN, double.NaN);
        }

        var roots = new RootMoments(1.0 / ranks);
        (double mean, double spread) = (0, 0);   // log E[M] and log E[M²] − 2 log E[M]
        foreach ((int candidates, int count) in sizes)
        {
            (double ofMean, double ofSpread) = roots.Of(candidates);
            (mean, spread) = (mean + (count * ofMean), spread + (count * ofSpread));
        }

        return new ChanceFigure(Math.Exp(mean), Math.Exp(2 * mean) * RootMoments.ExpMinusOne(spread));
    }
}
