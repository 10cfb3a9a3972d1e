namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A verdict, and by what it came about.</summary>
/// <param name="Verdict">The verdict; where a name is unknown, its <see cref="FactVerdict.Problems"/> say so.</param>
/// <param name="Evidence">
/// Features, paths and edges, each kind with the most important first; none where nothing leads from the head to the tail, or a name is
/// unknown.
/// </param>
public sealed record FactExplanation(FactVerdict Verdict, IReadOnlyList<FactEvidence> Evidence);
