using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Where the true entity stands among all that could take its place, as counts that do not decide how ties are broken.</summary>
/// <param name="Higher">Candidates with a higher score, or with one that is not a number.</param>
/// <param name="Equal">Other candidates with the same score.</param>
/// <param name="Candidates">All candidates, the true one included.</param>
public readonly record struct EntityRank(int Higher, int Equal, int Candidates)
{
    /// <summary>The rank, from 1, if the true entity goes before its equals.</summary>
    public int Optimistic => Higher + 1;

    /// <summary>The rank, from 1, if the true entity goes behind its equals.</summary>
    public int Pessimistic => Higher + Equal + 1;

    /// <summary>The mean of both: the expected rank if equals are shuffled.</summary>
    public double Realistic => Higher + 1 + (Equal / 2.0);
}

/// <summary>Both ranks of a triple: that of its head among all heads, that of its tail among all tails.</summary>
/// <param name="Triple">The triple.</param>
/// <param name="Head">The head's rank, given relation and tail.</param>
/// <param name="Tail">The tail's rank, given head and relation.</param>
public readonly record struct TripleRanks(Triple Triple, EntityRank Head, EntityRank Tail);
