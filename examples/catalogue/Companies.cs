namespace Examples.Catalogue;

/// <summary>A maker of a few kinds of one family.</summary>
internal sealed record Maker(string Name, string Family, Kind[] Kinds);

/// <summary>A supplier that deals with a few makers.</summary>
internal sealed record Supplier(string Name, Maker[] Makers);

/// <summary>Who makes and supplies what.</summary>
internal sealed class Companies
{
    private static readonly string[] Trees =
    [
        "Alder", "Ash", "Beech", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Holly", "Larch", "Maple", "Oak", "Pine", "Rowan", "Walnut",
        "Willow",
    ];

    private static readonly string[] Cities = ["Lyon", "Gothenburg", "Turin", "Ghent", "Porto", "Graz", "Brno", "Aarhus"];
    private static readonly string[] Countries = ["France", "Sweden", "Italy", "Belgium", "Portugal", "Austria", "Czechia", "Denmark"];

    private readonly Random _random;

    /// <summary>Founds a maker for every kind and more, and half as many suppliers.</summary>
    /// <param name="count">Makers.</param>
    /// <param name="random">Draws.</param>
    public Companies(int count, Random random)
    {
        _random = random;
        Makers = [.. Enumerable.Range(0, Math.Max(count, Kind.All.Count)).Select(Found)];
        Suppliers = [.. Enumerable.Range(0, Makers.Count / 2).Select(number => new Supplier(
            $"{Name(number)} Trading",
            [.. Enumerable.Range(0, 3).Select(part => Makers[(number + (part * Makers.Count / 3)) % Makers.Count])]))];
    }

    public IReadOnlyList<Maker> Makers { get; }

    public IReadOnlyList<Supplier> Suppliers { get; }

    /// <summary>Where all of them are.</summary>
    public IEnumerable<Fact> Places()
    {
        foreach (string name in Makers.Select(maker => maker.Name).Concat(Suppliers.Select(supplier => supplier.Name)))
        {
            yield return new Fact(name, "based in", Cities[_random.Next(Cities.Length)]);
        }

        for (int city = 0; city < Cities.Length; city++)
        {
            yield return new Fact(Cities[city], "lies in", Countries[city]);
        }
    }

    private Maker Found(int number)
    {
        Kind first = Kind.All[number % Kind.All.Count];
        Kind[] others = [.. Kind.All.Where(kind => kind.Family == first.Family && kind != first)];
        string family = $"{char.ToUpperInvariant(first.Family[0])}{first.Family[1..]}";
        return new Maker($"{Name(number)} {family}", first.Family, [first, others[_random.Next(others.Length)]]);
    }

    private static string Name(int number) =>
        number < Trees.Length ? Trees[number] : $"{Trees[number % Trees.Length]} {(number / Trees.Length) + 1}";
}
