using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

/// <summary>Our normal forms beside those of ICU, which .NET has where globalization is not invariant.</summary>
[TestClass]
public sealed class NormalFormTests
{
    /// <summary>What Unicode 15 to 17 gave a decomposition or a combining class.</summary>
    private static readonly (int First, int Last)[] YoungBlocks =
    [
        (0x0897, 0x0897), (0x0ECE, 0x0ECE), (0x10D69, 0x10D6D), (0x10EFA, 0x10EFF), (0x105C9, 0x105E4), (0x11241, 0x11241),
        (0x11380, 0x113E2), (0x11F41, 0x11F42), (0x11F5A, 0x11F5A), (0x1611E, 0x1612F), (0x16D67, 0x16D6A), (0x1CCD6, 0x1CCF9),
        (0x1E030, 0x1E06D), (0x1E08F, 0x1E08F), (0x1E4EC, 0x1E4EF), (0x1E5EE, 0x1E5EF), (0xA7F1, 0xA7F4),
    ];

    [TestInitialize]
    public void IcuIsThere()
    {
        if ("e\u0301".Normalize() != "\u00E9")
        {
            Assert.Inconclusive("Globalization is invariant: there is nothing to compare with.");
        }
    }

    [TestMethod]
    [DataRow(NormalizationForm.FormC)]
    [DataRow(NormalizationForm.FormD)]
    [DataRow(NormalizationForm.FormKC)]
    [DataRow(NormalizationForm.FormKD)]
    public void Every_character_has_the_form_that_ICU_gives_it(NormalizationForm form)
    {
        List<string> other = [];
        int compared = 0;
        for (int point = 0; point <= 0x10FFFF; point++)
        {
            if (!Rune.TryCreate(point, out Rune rune) || point == 0xFFFE)   // .NET takes U+FFFE for no character
            {
                continue;
            }

            // Alone, beside a mark and between letters: where nothing changes, and where something might.
            foreach (string text in new[] { $"{rune}", $"a{rune}\u0301", $"a{rune}b" })
            {
                string expected = text.Normalize(form);
                compared++;
                if (NormalForm.Of(text, form) != expected && !IsYoung(text, rune, form))
                {
                    other.Add($"U+{point:X4}: {Show(NormalForm.Of(text, form))}, not {Show(expected)}");
                }
            }
        }

        Assert.IsGreaterThan(1_000_000, compared);
        Assert.IsEmpty(other, string.Join('\n', other.Take(20)));
    }

    [TestMethod]
    public void Any_text_has_the_form_that_ICU_gives_it()
    {
        int[] points =
        [
            'a', 'o', ' ', 0xC5, 0x212B, 0x1EBF, 0x300, 0x301, 0x302, 0x31B, 0x323, 0x327, 0x345, 0x1F71, 0x3B1, 0xFB01, 0x2460, 0x1100,
            0x1161, 0x11A8, 0x11A7, 0xAC00, 0xAC01, 0xD7A3, 0x915, 0x93C, 0x9BC, 0x0B47, 0x0B3E, 0x0F71, 0x0F72, 0x0F74, 0x2F800, 0x1D15E,
            0x1D165, 0xF900,
        ];
        Gen<string> texts = Gen.Elements(points).ArrayOf().Select(some => string.Concat(some.Select(char.ConvertFromUtf32)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(texts.ToArbitrary(), text =>
            Enum.GetValues<NormalizationForm>().All(form => NormalForm.Of(text, form) == text.Normalize(form))));
    }

    [TestMethod]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.AreEqual("\u00E9\uFFFD", NormalForm.Of("e\u0301\uD83D", NormalizationForm.FormC));

    /// <summary>ICU and the table may be of different versions of Unicode: characters that one does not know stay as they are.</summary>
    private static bool IsYoung(string text, Rune rune, NormalizationForm form)
    {
        string icu = text.Normalize(form);
        bool isLeft = NormalForm.Of(text, form).EnumerateRunes().Contains(rune) || icu.EnumerateRunes().Contains(rune);
        return isLeft && Array.Exists(YoungBlocks, block => rune.Value >= block.First && rune.Value <= block.Last);
    }

    private static string Show(string text) =>
        string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));
}
