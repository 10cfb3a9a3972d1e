using Examples.Catalogue;

namespace Microsoft.ML.Gmt.Tests.Examples;

[TestClass]
public sealed class CatalogueGeneratorTests
{
    private static readonly IReadOnlyList<Fact> s_facts = CatalogueGenerator.Generate(2_000, seed: 1, noise: 0);

    [TestMethod]
    public void There_are_as_many_facts_as_asked_for_each_once_and_the_same_for_a_seed()
    {
        foreach (int count in new[] { 1, 100, 2_000, 20_000 })
        {
            IReadOnlyList<Fact> facts = CatalogueGenerator.Generate(count, seed: 3);
            Assert.HasCount(count, facts);
            Assert.HasCount(count, facts.ToHashSet());
            CollectionAssert.AreEqual(facts.ToArray(), CatalogueGenerator.Generate(count, seed: 3).ToArray());
        }

        CollectionAssert.AreNotEqual(s_facts.ToArray(), CatalogueGenerator.Generate(2_000, seed: 2, noise: 0).ToArray());
    }

    [TestMethod]
    public void Noise_breaks_its_share_of_the_facts_and_keeps_their_relations()
    {
        IReadOnlyList<Fact> clean = CatalogueGenerator.Generate(20_000, seed: 1, noise: 0);
        IReadOnlyList<Fact> noisy = CatalogueGenerator.Generate(20_000, seed: 1);
        int differing = clean.Zip(noisy).Count(pair => pair.First != pair.Second);
        Assert.IsTrue(differing is > 400 and < 700, $"{differing} of 20,000 differ, {CatalogueGenerator.DefaultNoise:p0} wanted");
        Assert.IsTrue(clean.Zip(noisy).All(pair => pair.First with { Tail = "" } == pair.Second with { Tail = "" }));
    }

    [TestMethod]
    [DataRow("fits", "has thread")]
    [DataRow("spare part of", "has bore")]
    [DataRow("protected by", "draws")]
    [DataRow("driven by", "runs at")]
    [DataRow("goes with", "made of")]
    public void Products_that_go_together_share_what_the_rules_say(string relation, string attribute)
    {
        Dictionary<string, string> values = Tails(attribute);
        Fact[] together = [.. s_facts.Where(fact => fact.Relation == relation)];
        Assert.IsNotEmpty(together);
        foreach (Fact fact in together)
        {
            Assert.AreEqual(values[fact.Tail], values[fact.Head], $"{fact}");
        }
    }

    [TestMethod]
    public void A_supplier_deals_with_three_makers_and_a_maker_makes_two_kinds()
    {
        Dictionary<string, string> makers = Tails("made by"), suppliers = Tails("supplied by"), kinds = Tails("is a");
        Assert.IsTrue(suppliers.GroupBy(entry => entry.Value).All(
            products => products.Select(entry => makers[entry.Key]).Distinct().Count() <= 3));
        Assert.IsTrue(makers.GroupBy(entry => entry.Value).All(
            products => products.Select(entry => kinds[entry.Key]).Distinct().Count() <= 2));
    }

    private static Dictionary<string, string> Tails(string relation) =>
        s_facts.Where(fact => fact.Relation == relation).ToDictionary(fact => fact.Head, fact => fact.Tail);
}
