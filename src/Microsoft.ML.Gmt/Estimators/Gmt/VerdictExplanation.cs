using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt;

/// <summary>A verdict on a triple, and by what it came about.</summary>
/// <param name="Triple">The triple, by the graph's ids.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Features">The features that moved it most, the largest effect first; empty where the model reads none.</param>
/// <param name="Paths">The path models among the features, the largest effect first; empty where there are none.</param>
/// <param name="Edges">The edges that the memory read, the most attended first; empty where there is no evidence.</param>
public sealed record VerdictExplanation(
    Triple Triple, Verdict Verdict, IReadOnlyList<FeatureReading> Features, IReadOnlyList<PathReason> Paths,
    IReadOnlyList<EdgeReading> Edges);

/// <summary>What a path model's scores did to a verdict, and how it came to them.</summary>
/// <param name="Name">What its slots begin with.</param>
/// <param name="Effect">The verdict's log-odds minus those with all its slots at their means. Above 0 it spoke for the triple.</param>
/// <param name="Paths">The paths from head to tail that carried its score, by weight.</param>
public sealed record PathReason(string Name, double Effect, IReadOnlyList<ExplainedPath> Paths);
