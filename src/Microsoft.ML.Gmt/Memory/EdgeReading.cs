using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>An edge that the memory read, as the graph states it, and how much it counted.</summary>
/// <param name="Fact">The training triple that the edge comes from.</param>
/// <param name="Weight">Attention of the memory tokens to it, averaged over tokens and heads; a triple's edges sum to 1.</param>
public readonly record struct EdgeReading(Triple Fact, float Weight);
