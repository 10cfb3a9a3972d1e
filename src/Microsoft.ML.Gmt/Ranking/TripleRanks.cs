using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Both ranks of a triple: that of its head among all heads, that of its tail among all tails.</summary>
/// <param name="Triple">The triple.</param>
/// <param name="Head">The head's rank, given relation and tail.</param>
/// <param name="Tail">The tail's rank, given head and relation.</param>
public readonly record struct TripleRanks(Triple Triple, EntityRank Head, EntityRank Tail);
