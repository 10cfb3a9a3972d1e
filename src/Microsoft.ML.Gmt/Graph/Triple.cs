namespace Microsoft.ML.Gmt.Graph;

/// <summary>A fact: two entities joined by a relation, as ids of one <see cref="KnowledgeGraph"/>'s vocabularies.</summary>
/// <param name="Head">Id of the entity that the fact is about.</param>
/// <param name="Relation">Id of the relation.</param>
/// <param name="Tail">Id of the entity that the relation leads to.</param>
public readonly record struct Triple(int Head, int Relation, int Tail);
