namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>Where the true entity stands among all that could take its place, as counts that do not decide how ties are broken.</summary>
/// <param name="Higher">Candidates with a higher score.</param>
/// <param name="Equal">Other candidates with the same score.</param>
/// <param name="Candidates">All candidates, the true one included.</param>
public readonly record struct EntityRank(int Higher, int Equal, int Candidates)
{
    /// <summary>The rank, from 1, if the true entity wins ties.</summary>
    public int Optimistic => Higher + 1;

    /// <summary>The rank, from 1, if the true entity loses ties.</summary>
    public int Pessimistic => Higher + Equal + 1;

    /// <summary>The mean of both: the expected rank if equals are shuffled.</summary>
    public double Realistic => Higher + 1 + (Equal / 2.0);

    /// <summary>The expected rank if all candidates are shuffled: (candidates + 1) / 2.</summary>
    public double Expected => (Candidates + 1) / 2.0;

    /// <summary>The rank of a type.</summary>
    /// <param name="type">How ties are broken.</param>
    public double Of(RankType type) => type switch
    {
        RankType.Optimistic => Optimistic,
        RankType.Realistic => Realistic,
        RankType.Pessimistic => Pessimistic,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such type of rank."),
    };

    /// <summary>Makes a rank from the two that break ties one way or the other.</summary>
    /// <param name="optimistic">The rank before all equals, from 1.</param>
    /// <param name="pessimistic">The rank behind all equals.</param>
    /// <param name="candidates">All candidates, the true one included.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not in the order 1 ≤ optimistic ≤ pessimistic ≤ candidates.</exception>
    public static EntityRank FromRanks(int optimistic, int pessimistic, int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(optimistic, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pessimistic, optimistic);
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, pessimistic);
        return new EntityRank(optimistic - 1, pessimistic - optimistic, candidates);
    }
}
