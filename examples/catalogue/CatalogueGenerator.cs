namespace Examples.Catalogue;

/// <summary>Draws a catalogue of products, parts, makers and suppliers, whose facts follow rules, but for some noise.</summary>
public static class CatalogueGenerator
{
    /// <summary>The share of facts whose tail is another one of the same relation.</summary>
    public const double DefaultNoise = 0.03;

    private const int FactsPerProduct = 10, ProductsPerMaker = 12;

    /// <summary>Exactly so many facts, each once; the same for the same seed.</summary>
    /// <param name="count">Facts.</param>
    /// <param name="seed">The seed of all draws.</param>
    /// <param name="noise">The share of facts that break the rules.</param>
    public static IReadOnlyList<Fact> Generate(int count, int seed, double noise = DefaultNoise)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var random = new Random(seed);
        var companies = new Companies(count / FactsPerProduct / ProductsPerMaker, random);
        List<Product> products = [];
        List<Fact> facts = [.. companies.Places()];
        while (facts.Count < count)
        {
            Product product = Draw(products.Count, companies, random);
            facts.AddRange(Rules.Of(product, companies, products, random));
            products.Add(product);
        }

        return Disturb(facts[..count], noise, random);
    }

    private static Product Draw(int number, Companies companies, Random random)
    {
        Maker maker = companies.Makers[random.Next(companies.Makers.Count)];
        Kind kind = maker.Kinds[random.Next(maker.Kinds.Length)];
        string initials = string.Concat(kind.Name.Split(' ').Select(word => char.ToUpperInvariant(word[0])));
        return new Product(
            $"{char.ToUpperInvariant(kind.Name[0])}{kind.Name[1..]} {initials}-{1001 + number}", kind, maker,
            kind.Attributes.ToDictionary(
                attribute => attribute.Relation, attribute => attribute.Values[random.Next(attribute.Values.Length)]));
    }

    private static List<Fact> Disturb(IReadOnlyList<Fact> facts, double noise, Random random)
    {
        Dictionary<string, string[]> tails = facts.GroupBy(fact => fact.Relation)
            .ToDictionary(group => group.Key, group => group.Select(fact => fact.Tail).Distinct().ToArray());
        HashSet<Fact> taken = [.. facts];
        List<Fact> result = [];
        foreach (Fact fact in facts)
        {
            string[] others = tails[fact.Relation];
            Fact wrong = fact with { Tail = others[random.Next(others.Length)] };
            bool isWrong = random.NextDouble() < noise && wrong.Tail != wrong.Head && taken.Add(wrong);
            result.Add(isWrong ? wrong : fact);
        }

        return result;
    }
}
