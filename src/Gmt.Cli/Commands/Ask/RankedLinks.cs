using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>What came of link prediction.</summary>
/// <param name="Report">The figures that are shown.</param>
/// <param name="Metrics">All figures.</param>
/// <param name="Ranks">The ranks of each triple.</param>
internal sealed record RankedLinks(Report Report, LinkPredictionMetrics Metrics, IReadOnlyList<TripleRanks> Ranks);
