using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>A tokenizer's file may not make gigabytes of a letter, nor ask for work without end.</summary>
[TestClass]
public sealed class PipelineLimitsTests
{
    [TestMethod]
    public void Replacements_that_multiply_a_text_are_refused_with_the_step_named()
    {
        TextTokenizer tokenizer = Load(normalizer: Sequence("normalizers", Enumerable.Repeat(Multiply(10), 8)));
        CollectionAssert.AreEqual(tokenizer.Encode("bcd").ToArray(), Load().Encode("bcd").ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        GmtFileException error = Assert.ThrowsExactly<GmtFileException>(() => tokenizer.Encode("aaaa"));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        StringAssert.Contains(error.Message, "tokenizer.json");
        StringAssert.Contains(error.Message, "$.normalizer.normalizers[");
    }

    [TestMethod]
    public void So_are_those_of_a_decoder()
    {
        TextTokenizer tokenizer = Load(decoder: Sequence("decoders", Enumerable.Repeat(Multiply(100), 5)));
        Assert.AreEqual("b", tokenizer.Decode([1]));
        StringAssert.Contains(Assert.ThrowsExactly<GmtFileException>(() => tokenizer.Decode([0, 0])).Message, "$.decoder.decoders[");
    }

    [TestMethod]
    public void An_added_token_that_its_own_normalizer_multiplies_is_refused_at_load() => Assert.ThrowsExactly<GmtFileException>(() => Load(
        normalizer: Sequence("normalizers", Enumerable.Repeat(Multiply(100), 4)),
        added: """{"id": 3, "content": "aa", "special": false, "normalized": true}"""));

    [TestMethod]
    public void Long_pipelines_and_patterns_are_refused_at_load()
    {
        const string Space = """{"type": "Prepend", "prepend": ""}""";
        Load(normalizer: Sequence("normalizers", Enumerable.Repeat(Space, 20)));
        Refuses("65 steps", () => Load(normalizer: Sequence("normalizers", Enumerable.Repeat(Space, 64))));
        Refuses("steps", () => Load(splitter: Sequence("pretokenizers", Enumerable.Repeat("""{"type": "BertPreTokenizer"}""", 2_000))));
        Refuses("steps", () =>
            Load(decoder: Sequence("decoders", Enumerable.Repeat(Sequence("decoders", Enumerable.Repeat("""{"type": "Fuse"}""", 9)), 9))));
        string pattern = string.Join('|', Enumerable.Range(0, 2_000).Select(i => $"[a-z]{{{i % 50}}}x{i}"));
        Refuses("characters is not supported", () =>
            Load(splitter: $$$"""{"type": "Split", "pattern": {"Regex": "{{{pattern}}}"}, "behavior": "Isolated"}"""));

        static void Refuses(string what, Action load) => StringAssert.Contains(Assert.ThrowsExactly<GmtFileException>(load).Message, what);
    }

    [TestMethod]
    public void Texts_grow_as_unicode_makes_them_grow()
    {
        // U+FDFA is 18 characters long in its compatibility form, the longest of all.
        TextTokenizer tokenizer = Load(normalizer: """{"type": "NFKC"}""");
        Assert.AreEqual(180, tokenizer.Normalizer!.Normalize(new string('\uFDFA', 10)).Length);
    }

    private static string Multiply(int times) =>
        $$$"""{"type": "Replace", "pattern": {"String": "a"}, "content": "{{{new string('a', times)}}}"}""";

    private static string Sequence(string name, IEnumerable<string> steps) =>
        $$"""{"type": "Sequence", "{{name}}": [{{string.Join(", ", steps)}}]}""";

    private static TextTokenizer Load(string normalizer = "null", string splitter = "null", string decoder = "null", string added = "")
    {
        using var folder = new TemporaryFolder();
        return TokenizerFolder.Load(folder.With("tokenizer.json", $$$"""
            {"normalizer": {{{normalizer}}}, "pre_tokenizer": {{{splitter}}}, "decoder": {{{decoder}}}, "added_tokens": [{{{added}}}],
             "model": {"type": "BPE", "unk_token": "u", "vocab": {"a": 0, "b": 1, "u": 2}, "merges": []}}
            """).Path);
    }
}
