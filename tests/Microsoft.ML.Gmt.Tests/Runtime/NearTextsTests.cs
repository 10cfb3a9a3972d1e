using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class NearTextsTests
{
    [TestMethod]
    public void The_nearest_come_first_and_no_more_than_three()
    {
        string[] names = ["Sweden", "Switzerland", "Swede", "Yemen", "Sudan", "sweden", "Sweeden"];
        CollectionAssert.AreEqual(new[] { "Swede", "Sweden", "sweden" }, NearTexts.To("Swedne", names));
        Assert.AreEqual("; did you mean 'Sudan'?", NearTexts.Question(NearTexts.To("Sudna", ["Sudan", "Oman"])));
        Assert.AreEqual("", NearTexts.Question(NearTexts.To("Atlantis", names)));
    }

    [TestMethod]
    public void A_text_is_near_exactly_where_few_edits_lead_to_it()
    {
        Gen<string> words = Gen.Elements('a', 'b', 'c', 'D').ArrayOf().Select(letters => new string(letters));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(words.ToArbitrary(), words.ToArbitrary(), (written, text) =>
            NearTexts.To(written, [text]).Length == (Distance(written, text) <= Math.Clamp(written.Length / 3, 1, 3) ? 1 : 0)));
    }

    [TestMethod]
    public void Of_very_many_texts_no_more_than_the_first_are_looked_at()
    {
        int read = 0;
        IEnumerable<string> names = Enumerable.Range(0, NearTexts.Most + 1_000).Select(i =>
        {
            read++;
            return $"name {i}";
        });
        Assert.HasCount(3, NearTexts.To("nmae 12", names));
        Assert.AreEqual(NearTexts.Most, read);
        Assert.IsEmpty(NearTexts.To(new string('x', 10_000), names), "nobody misspells a page");

        // Names that are alike to their ends cost the most.
        read = 0;
        string alike = new('x', 150);
        _ = NearTexts.To(alike + "abcd", Enumerable.Range(0, NearTexts.Most).Select(_ =>
        {
            read++;
            return alike + "efgh";
        }));
        Assert.IsLessThan(100_000, read);
    }

    /// <summary>Optimal string alignment by its definition, in capitals.</summary>
    private static int Distance(string one, string other)
    {
        (one, other) = (one.ToUpperInvariant(), other.ToUpperInvariant());
        int[,] table = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    table[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1), 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[one.Length, other.Length];
    }
}
