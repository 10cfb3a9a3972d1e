using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>A triple and what a model makes of it.</summary>
/// <param name="Triple">The triple.</param>
/// <param name="Score">Its score; the higher, the likelier.</param>
public readonly record struct ScoredTriple(Triple Triple, float Score);
