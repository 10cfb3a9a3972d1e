namespace Examples.Catalogue;

/// <summary>A product: what it is called, its kind, and what it has.</summary>
internal sealed record Product(string Name, Kind Kind, Maker Maker, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Whether both have one value of an attribute.</summary>
    public bool Shares(string relation, Product other) =>
        Attributes.TryGetValue(relation, out string? own) && other.Attributes.TryGetValue(relation, out string? others) && own == others;
}
