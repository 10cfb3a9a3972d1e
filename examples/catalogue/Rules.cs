namespace Examples.Catalogue;

/// <summary>The rules that products of the catalogue obey, but for the noise; README.md lists them.</summary>
internal static class Rules
{
    private static readonly Dictionary<string, string> Warehouses = new()
    {
        ["fluid"] = "North hall",
        ["drive"] = "South hall",
        ["electric"] = "East hall",
        ["fastening"] = "North hall",
    };

    private static readonly Dictionary<string, string[]> Uses = new()
    {
        ["fluid"] = ["water treatment", "chemical plants", "food processing"],
        ["drive"] = ["conveyors", "packaging", "food processing"],
        ["electric"] = ["control cabinets", "buildings"],
        ["fastening"] = ["buildings", "conveyors"],
    };

    /// <summary>What holds of a product, given those before it.</summary>
    public static IEnumerable<Fact> Of(Product product, Companies companies, IReadOnlyList<Product> earlier, Random random)
    {
        yield return new Fact(product.Name, "is a", product.Kind.Name);
        foreach ((string relation, string value) in product.Attributes)
        {
            yield return new Fact(product.Name, relation, value);
        }

        yield return new Fact(product.Name, "made by", product.Maker.Name);
        Supplier[] suppliers = [.. companies.Suppliers.Where(supplier => supplier.Makers.Contains(product.Maker))];
        if (suppliers.Length > 0)
        {
            yield return new Fact(product.Name, "supplied by", suppliers[random.Next(suppliers.Length)].Name);
        }

        yield return new Fact(product.Name, "stored in", Warehouses[product.Kind.Family]);
        string[] uses = Uses[product.Kind.Family];
        yield return new Fact(product.Name, "used in", uses[random.Next(uses.Length)]);
        if (Approval(product) is { } approval)
        {
            yield return new Fact(product.Name, "approved for", approval);
        }

        foreach ((string relation, Func<Product, bool> isRight) in Partners(product))
        {
            Product[] right = [.. earlier.Where(isRight)];
            if (right.Length > 0)
            {
                yield return new Fact(product.Name, relation, right[random.Next(right.Length)].Name);
            }
        }
    }

    private static string? Approval(Product product) =>
        product.Attributes.GetValueOrDefault("made of") == "stainless steel" && product.Kind.Family == "fluid" ? "drinking water"
        : product.Attributes.GetValueOrDefault("protection class") == "IP67" ? "wash-down areas"
        : product.Attributes.GetValueOrDefault("greased with") == "food-grade grease" ? "food contact"
        : null;

    private static IEnumerable<(string Relation, Func<Product, bool> IsRight)> Partners(Product product) => product.Kind.Name switch
    {
        "ball valve" or "check valve" or "flow sensor" => [("fits", other => other.Shares("has thread", product))],
        "bearing" or "coupling" => [("spare part of", other => other.Kind.Name == "gear motor" && other.Shares("has bore", product))],
        "gear motor" or "relay" => [("protected by", other => other.Kind.Name == "fuse" && other.Shares("draws", product))],
        "pump" => [("driven by", other => other.Kind.Name == "gear motor" && other.Shares("runs at", product))],
        "washer" => [("goes with", other => other.Kind.Name == "bolt" && other.Shares("made of", product))],
        _ => [],
    };
}
