using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A fact on a path, as the graph states it; it may be walked from tail to head.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="IsForward">Whether it is walked from its head to its tail.</param>
/// <param name="Weight">By how much the score would change, to first order, if its message counted twice in that step; copies of a fact
/// count together.</param>
public readonly record struct ExplainedStep(Triple Fact, bool IsForward, double Weight);
