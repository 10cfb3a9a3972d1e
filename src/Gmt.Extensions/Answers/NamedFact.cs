namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A fact by names: what is asked about, or what was read.</summary>
/// <param name="Head">What the fact is about: an entity's name or label.</param>
/// <param name="Relation">The relation's name or label.</param>
/// <param name="Tail">What the relation leads to: an entity's name or label.</param>
public sealed record NamedFact(string Head, string Relation, string Tail);
