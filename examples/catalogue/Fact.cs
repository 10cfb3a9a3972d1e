namespace Examples.Catalogue;

/// <summary>A fact of the catalogue: names, as in a file.</summary>
public readonly record struct Fact(string Head, string Relation, string Tail);
