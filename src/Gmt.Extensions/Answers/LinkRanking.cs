using System.Text.Json.Serialization;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>The entities that complete a fact, best first.</summary>
/// <param name="Question">The question, its names as they were given.</param>
/// <param name="Answers">By probability where the model has verdicts, else by score.</param>
/// <param name="Calibration">What the probabilities were fitted on, where no label was; else null.</param>
/// <param name="Problems">Unknown or ambiguous names, or an end too many or too few; none where there is an answer.</param>
public sealed record LinkRanking(
    LinkQuestion Question, IReadOnlyList<LinkAnswer> Answers, string? Calibration, IReadOnlyList<NameProblem> Problems)
{
    /// <summary>Whether the question could be answered.</summary>
    [JsonIgnore]
    public bool IsKnown => Problems.Count == 0;
}

/// <summary>An entity that completes a fact.</summary>
/// <param name="Rank">Its rank, from 1.</param>
/// <param name="Name">The entity's name in the graph.</param>
/// <param name="Label">Its label; the name where it has none.</param>
/// <param name="Score">The score that it was found by; such scores compare within one answer.</param>
/// <param name="Probability">How probable the completed fact is; null of a model without verdicts.</param>
/// <param name="IsStated">Whether the graph states the completed fact.</param>
public sealed record LinkAnswer(int Rank, string Name, string Label, double Score, double? Probability, bool IsStated);
