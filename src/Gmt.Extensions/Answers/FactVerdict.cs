using System.Text.Json.Serialization;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>Whether a fact holds. No number of it is NaN: where there is no verdict, it is null.</summary>
/// <param name="Fact">The fact as it was understood, in the graph's labels; as it was given where a name is unknown.</param>
/// <param name="IsTrue">Whether it holds; null where a name is unknown.</param>
/// <param name="Probability">How probable that is, from 0 to 1; null where a name is unknown.</param>
/// <param name="Calibration">What the probability was fitted on, where no label was; else null.</param>
/// <param name="Problems">Unknown or ambiguous names; none where there is a verdict.</param>
public sealed record FactVerdict(
    NamedFact Fact, bool? IsTrue, double? Probability, string? Calibration, IReadOnlyList<NameProblem> Problems)
{
    /// <summary>Whether the graph knows all names, so that there is a verdict.</summary>
    [JsonIgnore]
    public bool IsKnown => Problems.Count == 0;
}
