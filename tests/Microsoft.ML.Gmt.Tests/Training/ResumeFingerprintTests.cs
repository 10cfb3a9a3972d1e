using System.Globalization;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class ResumeFingerprintTests
{
    private static IEnumerable<object[]> Options =>
    [
        [new SgmTrainingOptions()], [new KgeTrainingOptions()], [new SgmOptions()], [new GmtTrainingOptions()], [new MemoryOptions()],
        [new MemoryOptions { MemoryLayers = [3, 4] }],
        [
            new LlamaConfig
            {
                VocabularySize = 9, HiddenSize = 8, IntermediateSize = 8, LayerCount = 1, HeadCount = 2, KeyValueHeadCount = 1,
                HeadSize = 4,
            },
        ],
    ];

    [TestMethod]
    [DynamicData(nameof(Options))]
    public void Every_property_counts_but_those_that_are_excluded(object options)
    {
        (string, string)[] fingerprint = [.. ResumeFingerprint.Of(options)];
        CollectionAssert.AllItemsAreUnique(fingerprint.Select(entry => entry.Item1).ToArray());
        (string Property, object Changed)[] variants = [.. OptionVariants.Of(options)];
        Assert.IsGreaterThanOrEqualTo(fingerprint.Length, variants.Length);
        foreach ((string property, object changed) in variants)
        {
            int differences = ResumeFingerprint.Of(changed).Except(fingerprint).Count();
            Assert.AreEqual(ResumeFingerprint.Excluded.Contains(property) ? 0 : 1, differences, property);
        }
    }

    [TestMethod]
    public void Only_what_cannot_change_the_numbers_is_excluded()
    {
        CollectionAssert.AreEquivalent(new[] { "Checkpoint", "Progress" }, ResumeFingerprint.Excluded.ToArray());
        string[] named = [.. OptionVariants.Of(new GmtTrainingOptions()).Select(variant => variant.Property)];
        CollectionAssert.IsSubsetOf(new[] { "Checkpoint", "Progress" }, named, "the variants reach what is excluded");
    }

    [TestMethod]
    public void Names_are_the_properties_in_words_and_values_are_invariant()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Dictionary<string, string> training = ResumeFingerprint.Of(new SgmTrainingOptions { LearningRate = 1.0 / 3 }).ToDictionary();
            Assert.AreEqual("0.3333333333333333", training["learning rate"]);
            Assert.AreEqual("not set", training["early stopping patience"]);
            Assert.AreEqual("Uniform", training["negatives"]);
            Assert.AreEqual("False", training["mask edges"]);
            Dictionary<string, string> memory = ResumeFingerprint.Of(
                new MemoryOptions { MemoryLayers = [3, 4] }, "memory of").ToDictionary();
            Assert.AreEqual("[3, 4]", memory["memory of memory layers"]);
            Assert.AreEqual("64", memory["memory of lora rank"]);
            string[] names = [.. ResumeFingerprint.Of(new SgmOptions()).Select(entry => entry.Name)];
            CollectionAssert.AreEqual(names.Order(StringComparer.Ordinal).ToArray(), names);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void What_cannot_be_told_apart_is_refused()
    {
        static string Refusal(object value) =>
            Assert.ThrowsExactly<NotSupportedException>(() => ResumeFingerprint.Of(new Opaque(value))).Message;
        StringAssert.Contains(Refusal(new Version(1, 2)), "Opaque.Value is a System.Version");
        StringAssert.Contains(Refusal(new Blank()), "no property that can be set");
    }

    private sealed record Opaque(object Value);

    private sealed class Blank;
}
