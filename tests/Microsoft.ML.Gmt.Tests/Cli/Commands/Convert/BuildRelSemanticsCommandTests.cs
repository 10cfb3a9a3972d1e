using System.Globalization;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class BuildRelSemanticsCommandTests
{
    [TestMethod]
    [DataRow("json")]
    [DataRow("tsv")]
    public void Vectors_and_the_printed_line_are_those_of_the_Python_script(string kind)
    {
        string golden = Goldens.Root("llm/minilm/rel_semantics");
        using var folder = new TemporaryFolder();
        string output = folder[$"rel_semantics_{kind}.pt"];
        GmtRun run = GmtRun.Of(
            "build_rel_semantics", "--relation2id", Path.Combine(golden, "relation2id.txt"), "--definitions",
            Path.Combine(golden, $"definitions.{kind}"),
            "--output_path", output, "--model_name", Goldens.RealModel("all-minilm-l6-v2")).Succeeded();
        int relations = int.Parse(File.ReadLines(Path.Combine(golden, "relation2id.txt")).First(), CultureInfo.InvariantCulture);
        using var scope = NewDisposeScope();
        Tensor expected = RelationSemantics.Load(Path.Combine(golden, $"rel_semantics_{kind}.pt"), relations);
        Assert.AreEqual($"Saved torch.Size([{relations}, {expected.size(1)}]) to {output}\n", run.Output);
        Near.Absolute(expected, RelationSemantics.Load(output, relations), 5e-6, "relation vectors");
        CollectionAssert.AreEqual(
            Structure(Path.Combine(golden, $"rel_semantics_{kind}.pt")), Structure(output), "the pickle is the one that torch.save writes");
    }

    [TestMethod]
    public void An_id_without_a_name_has_an_empty_text_and_a_relation_without_definition_its_name()
    {
        using var folder = new TemporaryFolder();
        folder.With("relation2id.txt", "9\nspouse 0\nborn_in 2\nagain 2\n").With(
            "definitions.csv", "spouse,the person someone is married to\nnonsense\n");
        string model = Goldens.RealModel("all-minilm-l6-v2");
        GmtRun run = GmtRun.Of(
            "build_rel_semantics", "--relation2id", folder["relation2id.txt"], "--definitions", folder["definitions.csv"], "--output_path",
            folder["out.pt"], "--model_name", model).Succeeded();
        StringAssert.Contains(run.Error, "1 lines of definitions");
        StringAssert.Contains(run.Error, "2 of 3 relations have no definition");
        using var scope = NewDisposeScope();
        using Microsoft.ML.Gmt.Text.SentenceEncoder encoder = Microsoft.ML.Gmt.Text.SentenceEncoder.Load(model);
        Tensor expected = encoder.Encode(["the person someone is married to", "", "again"]);
        Near.Absolute(expected, RelationSemantics.Load(folder["out.pt"], 3), 1e-6, "relation vectors");

        // Strictly, the count line is wrong and two names share an id.
        GmtRun strict = GmtRun.Of(
            "build-rel-semantics", "--relation2id", folder["relation2id.txt"], "--definitions", folder["definitions.csv"], "--output_path",
            folder["strict.pt"], "--model_name", model);
        Assert.AreEqual(1, strict.ExitCode);
        StringAssert.Contains(strict.Error, "relation2id.txt, line 4");
    }

    [TestMethod]
    [DataRow("a 0\nb x\n", "out.pt", "relation2id.txt, line 3: 'x' is no id of 'b'")]
    [DataRow("a 0\nb 5\n", "out.pt", "'b' has id 5")]
    [DataRow("a 0\n", "", "'' is no name of a file")]
    [DataRow("a 0\n", ".", "'.' is no name of a file")]
    public void What_makes_no_sense_fails_before_anything_is_encoded(string names, string output, string inMessage)
    {
        using var folder = new TemporaryFolder();
        folder.With("relation2id.txt", $"2\n{names}").With("definitions.json", "{}");
        GmtRun run = GmtRun.Of(
            "build_rel_semantics", "--relation2id", folder["relation2id.txt"], "--definitions", folder["definitions.json"], "--output_path",
            output, "--model_name", "/no/such/model");
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, inMessage);
    }

    [TestMethod]
    public void Safetensors_are_written_where_the_ending_says_so()
    {
        string golden = Goldens.Root("llm/minilm/rel_semantics");
        using var folder = new TemporaryFolder();
        GmtRun.Of(
            "build-rel-semantics", "--relation2id", Path.Combine(golden, "relation2id.txt"), "--definitions",
            Path.Combine(golden, "definitions.json"),
            "--output_path", folder["vectors.safetensors"], "--model_name", Goldens.RealModel("all-minilm-l6-v2")).Succeeded();
        using SafetensorsFile file = SafetensorsFile.Open(folder["vectors.safetensors"]);
        CollectionAssert.AreEqual(new[] { "rel_embeddings" }, file.Names.ToArray());
    }

    /// <summary>The pickle inside a file of torch.save.</summary>
    private static byte[] Structure(string path)
    {
        using System.IO.Compression.ZipArchive zip = System.IO.Compression.ZipFile.OpenRead(path);
        using Stream entry = zip.Entries.Single(entry => entry.Name == "data.pkl").Open();
        using MemoryStream copy = new();
        entry.CopyTo(copy);
        return copy.ToArray();
    }
}
