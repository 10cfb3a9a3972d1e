using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class DefinitionFileTests
{
    [TestMethod]
    public void Relation_semantics_are_those_that_the_reference_builds()
    {
        using DisposeScope scope = NewDisposeScope();
        string folder = Goldens.Root("llm/minilm/rel_semantics");
        string[] names = [.. File.ReadLines(Path.Combine(folder, "relation2id.txt")).Skip(1).Select(line => line.Split('\t'))
            .OrderBy(entry => int.Parse(entry[1], System.Globalization.CultureInfo.InvariantCulture)).Select(entry => entry[0])];
        using SentenceEncoder encoder = SentenceEncoder.Load(Goldens.RealModel("all-minilm-l6-v2"));
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "rel_semantics.safetensors"));
        foreach (string file in Directory.EnumerateFiles(folder, "definitions.*"))
        {
            Tensor actual = encoder.Encode(DefinitionFile.Read(file).TextsOf(names));
            Tensor golden = expected.Get(
                expected.Names.Single(name => name.Contains(Path.GetExtension(file)[1..], StringComparison.Ordinal)));
            Assert.IsLessThanOrEqualTo(5e-6, (golden - actual).abs().max().item<float>(), file);
        }
    }

    [TestMethod]
    [DataRow("a\tb, c\n", "a", "b, c")]
    [DataRow("a,b, c\n", "a", "b, c")]
    [DataRow("  a\tb  \r\n", "a", "b")]
    [DataRow("a\tb\na\tc", "a", "c")]
    [DataRow("a\t b\n", "a", " b")]
    public void Lines_are_split_as_the_reference_splits_them(string content, string name, string text)
    {
        DefinitionFile file = Read(content, ".tsv");
        Assert.AreEqual(text, file.Definitions[name]);
        Assert.AreEqual(0, file.SkippedLines);
        CollectionAssert.AreEqual(new[] { text, "other" }, file.TextsOf([name, "other"]).ToArray());
    }

    [TestMethod]
    public void Senseless_lines_are_counted() => Assert.AreEqual(1, Read("nonsense\n\n \na\tb", ".csv").SkippedLines);

    [TestMethod]
    public void Text_that_is_no_object_of_strings_is_refused()
    {
        Assert.Throws<GmtFileException>(() => Read("[1]", ".json"));
        Assert.Throws<GmtFileException>(() => Read("{\"a\": 1}", ".json"));
    }

    private static DefinitionFile Read(string content, string ending)
    {
        using var folder = new TemporaryFolder();
        return DefinitionFile.Read(folder.Write($"definitions{ending}", content));
    }
}
