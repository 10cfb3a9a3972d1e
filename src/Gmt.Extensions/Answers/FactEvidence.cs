using System.Text.Json.Serialization;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>What a piece of evidence is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FactEvidenceKind>))]
public enum FactEvidenceKind
{
    /// <summary>An edge of the graph that the memory read; its weight is the attention to it, from 0 to 1.</summary>
    Edge,

    /// <summary>A path from head to tail that carried a path model's score; its weight is a derivative, which ranks paths.</summary>
    Path,

    /// <summary>A named number about the fact; its weight is how far it moved the verdict, in log-odds: above 0 it spoke for it.</summary>
    Feature,
}

/// <summary>A piece of the evidence for or against a fact.</summary>
/// <param name="Kind">What it is, and what its weight means.</param>
/// <param name="Weight">How much it counted; those of one kind compare.</param>
/// <param name="Text">It in words.</param>
/// <param name="Facts">The facts of the graph that it consists of; none for a feature.</param>
public sealed record FactEvidence(FactEvidenceKind Kind, double Weight, string Text, IReadOnlyList<NamedFact> Facts);
