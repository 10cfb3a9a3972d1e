using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>How names that people write are looked up: name, label, normal form, case; each only where exactly one is meant.</summary>
[TestClass]
public sealed class NameLookupTests
{
    private static readonly KnowledgeGraph Names = Make();

    [TestMethod]
    [DataRow("Q1", 0, NameMatchKind.Name)]
    [DataRow("Bern", 0, NameMatchKind.Label)]
    [DataRow("Q2", 1, NameMatchKind.Name, DisplayName = "a name wins over the label of another")]
    [DataRow("ZÜRICH", 3, NameMatchKind.Name, DisplayName = "a name in capitals beside its twin")]
    [DataRow("Z\u00FCrich", 2, NameMatchKind.Label)]
    [DataRow("Zu\u0308rich", 2, NameMatchKind.NormalForm, DisplayName = "NFD")]
    [DataRow(" Bern", 0, NameMatchKind.NormalForm, DisplayName = "a blank before")]
    [DataRow("Bern\u00A0", 0, NameMatchKind.NormalForm, DisplayName = "a blank that does not break")]
    [DataRow("Be\u00ADrn", 0, NameMatchKind.NormalForm, DisplayName = "a soft hyphen")]
    [DataRow("\uFEFFBern\u200B\u200E", 0, NameMatchKind.NormalForm, DisplayName = "byte order mark, zero width, mark of direction")]
    [DataRow("New\t  York", 4, NameMatchKind.NormalForm, DisplayName = "blanks of other kinds and numbers")]
    [DataRow("Ｂｅｒｎ", 0, NameMatchKind.NormalForm, DisplayName = "full width")]
    [DataRow("m2", 6, NameMatchKind.Name, DisplayName = "a compatible twin does not disturb a name")]
    [DataRow("m\u00B2\u200B", 5, NameMatchKind.NormalForm, DisplayName = "NFC comes before NFKC")]
    [DataRow("bERN", 0, NameMatchKind.IgnoringCase)]
    [DataRow("  new YORK", 4, NameMatchKind.IgnoringCase)]
    [DataRow("strasse", 7, NameMatchKind.IgnoringCase, DisplayName = "sharp s")]
    [DataRow("ΟΔΟΣ", 8, NameMatchKind.IgnoringCase, DisplayName = "final sigma")]
    [DataRow("हिंदी", 9, NameMatchKind.Name)]
    [DataRow("각", 10, NameMatchKind.NormalForm, DisplayName = "Hangul by letters")]
    public void The_first_step_that_finds_something_decides(string written, int expected, NameMatchKind kind)
    {
        NameMatch match = Names.FindEntity(written);
        Assert.AreEqual((expected, kind), (match.Id, match.Kind), $"{match}");
        Assert.IsTrue(match.IsFound);
        Assert.IsEmpty(match.Candidates);
        Assert.IsEmpty(match.Suggestions);
        StringAssert.Contains($"{match}", Names.Entities[expected]);
    }

    [TestMethod]
    [DataRow("Gordon", "Q20, Q21")]
    [DataRow("Gordon ", "Q20, Q21", DisplayName = "in another form too")]
    [DataRow("gordon", "Q20, Q21", DisplayName = "and in another case")]
    [DataRow("zÜRICH", "Q3, ZÜRICH", DisplayName = "a name and a label")]
    public void Several_are_named_and_none_is_taken(string written, string candidates)
    {
        NameMatch match = Names.FindEntity(written);
        Assert.AreEqual((-1, NameMatchKind.Ambiguous), (match.Id, match.Kind));
        Assert.AreEqual(candidates, string.Join(", ", match.Candidates));
        StringAssert.Contains($"{match}", $"may be {candidates}; name the entity by one of these");
        var thrown = Assert.ThrowsExactly<UnknownNameException>(() => Names.GetTriple(match.Written, "is in", "Q1"));
        Assert.AreEqual(NameMatchKind.Ambiguous, thrown.Match!.Kind);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("  ")]
    [DataRow("\u200B")]
    [DataRow("\uD83D")]
    [DataRow("Atlantis")]
    public void What_nothing_is_called_is_not_found(string written)
    {
        NameMatch match = Names.FindEntity(written);
        Assert.AreEqual((-1, NameMatchKind.None, false), (match.Id, match.Kind, match.IsFound));
        StringAssert.StartsWith($"{match}", $"the graph has no entity '{written}'");
    }

    [TestMethod]
    public void An_unknown_name_gets_near_names_and_labels_and_an_exception_says_so()
    {
        CollectionAssert.AreEqual(new[] { "New York" }, Names.FindEntity("New Yrok").Suggestions.ToArray());
        var thrown = Assert.ThrowsExactly<UnknownNameException>(() => Names.GetTriple("Q1", "is inn", "Q1"));
        Assert.AreEqual("the graph has no relation 'is inn'; did you mean 'is in'?", thrown.Message);
        Assert.AreEqual("is inn", thrown.Match!.Written);
        Assert.AreEqual(new Triple(0, 0, 4), Names.GetTriple("bern", "is in", "Q5"));
    }

    [TestMethod]
    public void Candidates_that_look_alike_are_spelled_out()
    {
        KnowledgeGraph graph = new KnowledgeGraphBuilder(["Paris", "Paris\u200B", "Z\u00FCrich", "Zu\u0308rich"], ["in"]).Build();
        StringAssert.StartsWith($"{graph.FindEntity("Paris ")}", "'Paris ' may be Paris, Paris\\u200B; name");
        StringAssert.StartsWith($"{graph.FindEntity("zürich")}", "'zürich' may be Zürich, Zu\\u0308rich; name");
        CollectionAssert.AreEqual(new[] { "Paris", "Paris\u200B" }, graph.FindEntity("Paris ").Candidates.ToArray(), "as they are");
    }

    [TestMethod]
    public void A_flag_of_tags_is_no_other_flag()
    {
        const string england = "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F";
        const string scotland = "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F";
        KnowledgeGraph graph = new KnowledgeGraphBuilder([england], ["in"]).Build();
        Assert.IsTrue(graph.FindEntity(england + "\uFE0F").IsFound);
        Assert.IsFalse(graph.FindEntity(scotland).IsFound);
    }

    [TestMethod]
    public void A_label_that_several_have_is_shown_with_the_name()
    {
        Assert.AreEqual("Gordon (Q20)", Names.EntityIndex.Shown(Names.Entities.GetId("Q20")));
        Assert.AreEqual("Bern", Names.EntityIndex.Shown(0));
        Assert.AreEqual("m2", Names.EntityIndex.Shown(6));
        Assert.AreEqual("Q2 (Q30)", Names.EntityIndex.Shown(Names.Entities.GetId("Q30")), "the label is the name of another");
    }

    [TestMethod]
    public void A_hundred_thousand_names_are_each_found_in_all_forms_by_many_threads()
    {
        var builder = new KnowledgeGraphBuilder([], ["r"]);
        for (int i = 0; i < 100_000; i++)
        {
            builder.AddEntity($"Q{i}", $"é label {i}");
        }

        KnowledgeGraph graph = builder.Build();
        Parallel.For(0, 100_000, i =>
        {
            Assert.AreEqual(i, graph.FindEntity($"é label {i}").Id);
            Assert.AreEqual(i, graph.FindEntity($"E\u0301 LABEL  {i} ").Id);
            Assert.AreEqual(i, graph.FindEntity($"q{i}").Id);
        });
        Assert.AreEqual(7, graph.WithInverse(true).FindEntity("q7").Id);
    }

    private static KnowledgeGraph Make()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.AddRelation("P1", "is in");
        foreach ((string name, string? label) in new[]
        {
            ("Q1", "Bern"), ("Q2", null), ("Q3", "Z\u00FCrich"), ("Z\u00DCRICH", null), ("Q5", "New York"), ("m\u00B2", null), ("m2", null),
            ("Straße", null), ("οδος", null), ("हिंदी", null), ("\u1100\u1161\u11A8", null),
            ("Q20", "Gordon"), ("Q21", "Gordon"), ("Q30", "Q2"),
        })
        {
            builder.AddEntity(name, label);
        }

        return builder.Build();
    }
}
