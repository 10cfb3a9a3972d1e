namespace Microsoft.ML.Gmt.Extensions;

/// <summary>What keeps a question from being answered: a name that the graph lacks, or one that several go by.</summary>
/// <param name="Part">Which name: <c>head</c>, <c>relation</c> or <c>tail</c>.</param>
/// <param name="Written">The name that was given.</param>
/// <param name="Message">What is wrong with it, for people.</param>
/// <param name="Suggestions">Names that may have been meant, the nearest first; none where nothing is near.</param>
public sealed record NameProblem(string Part, string Written, string Message, IReadOnlyList<string> Suggestions);
