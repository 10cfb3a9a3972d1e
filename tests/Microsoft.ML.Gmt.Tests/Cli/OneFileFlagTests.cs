using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Graph;
using static Microsoft.ML.Gmt.Tests.Cli.OneFile;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>What the flags of one file of names, of its layout and of its split say.</summary>
[TestClass]
public sealed class OneFileFlagTests
{
    private static readonly TemporaryFolder s_folder = new TemporaryFolder().With("products.csv", Catalogue());

    [ClassCleanup]
    public static void CleanUp() => s_folder.Dispose();

    [TestMethod]
    public void A_layout_of_its_own_is_said_by_flags_a_split_too_and_recorded()
    {
        using var folder = new TemporaryFolder();
        KnowledgeGraph graph = KnowledgeGraphReader.Read(s_folder["products.csv"]);
        string[][] facts = [.. Words(graph, GraphSplit.Train).Select(text => text.Split(" ~ "))];
        folder.With("t.txt", string.Concat(facts.Skip(20).Select((fact, i) => $"{i}#{fact[2]}#{fact[1]}#{fact[0]}\n")))
            .With("v.txt", string.Concat(facts.Take(20).Select(fact => $"{fact[1]}|{fact[0]}|{fact[2]}\n")));
        string[] layout =
        [
            "--delimiter", "#", "--columns", "_trh", "--header", "no", "--quoted", "no", "--valid_file", "v.txt",
            "--valid_delimiter", "bar", "--valid_columns", "rht",
        ];
        string[] source = ["--kg_dir", folder["t.txt"], .. layout];
        GmtRun run = GmtRun.Of(["pretrain", .. source, "--output_dir", folder["sgm"], .. Small, "--epochs", "1", "--num_neg", "2"]);
        Assert.IsFalse(run.Succeeded().Error.Contains("was split", StringComparison.Ordinal), "it has splits");
        JsonElement config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["sgm"], "sgm_config.json"))).RootElement;
        Assert.AreEqual("_trh", config.GetProperty("columns").GetString());
        Assert.AreEqual("|", config.GetProperty("valid_delimiter").GetString());
        Assert.IsFalse(config.TryGetProperty("split_seed", out _));

        // What follows reads it so as well, without being told.
        JsonElement[] reports = Evaluate(folder["sgm"], "--split", "validation");
        Assert.AreEqual(40, reports[1].GetProperty("ranks")[0].GetProperty("queries").GetInt32());
        GmtRun.Of(["convert", folder["t.txt"], folder["g.gmtgraph"], .. layout]).Succeeded();
        KnowledgeGraph read = KnowledgeGraphReader.Read(folder["g.gmtgraph"]);
        CollectionAssert.AreEqual(facts.Take(20).Select(fact => string.Join(" ~ ", fact)).ToArray(), Words(read, GraphSplit.Validation));

        // In code.
        var options = new DelimitedOptions { Delimiter = '#', Columns = "_trh", HasHeader = false, Quoted = false };
        options = options with { Validation = new DelimitedFormat { Delimiter = '|', Columns = "rht" } };
        KnowledgeGraph inCode = KnowledgeGraphReader.ReadDelimited(folder["t.txt"], folder["v.txt"], options: options);
        Assert.AreEqual(Graphs.Describe(read), Graphs.Describe(inCode));
    }

    [TestMethod]
    [DataRow("--delimiter", "ab", "--delimiter: 'ab' is not a character", 2)]
    [DataRow("--triple_format", "hrt", "--columns says it of files of names", 2)]
    [DataRow("--triple_file", "x.csv", "--triple_file names a file in a folder", 2)]
    [DataRow("--test_fraction", "1", "it must be at least 0 and below 1", 2)]
    [DataRow("--validation_fraction", "0.95", "must be below 1", 2)]
    [DataRow("--columns", "hxt", "hxt", 1)]
    public void What_makes_no_sense_is_refused_by_the_flag_s_name(string flag, string value, string inMessage, int code)
    {
        GmtRun run = GmtRun.Of("pretrain", "--kg_dir", s_folder["products.csv"], "--output_dir", s_folder["never"], flag, value);
        Assert.AreEqual(code, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, inMessage);
        Assert.IsFalse(Directory.Exists(s_folder["never"]));
    }

    [TestMethod]
    public void Everything_is_trained_on_where_that_is_asked_for_or_nothing_can_be_held_out()
    {
        using var folder = new TemporaryFolder();
        string[] rest = [.. Small, "--epochs", "1", "--num_neg", "2"];
        string[] nothingHeldOut = ["--validation_fraction", "0", "--test_fraction", "0"];
        string[] source = ["--kg_dir", s_folder["products.csv"], "--output_dir", folder["all"]];
        GmtRun all = GmtRun.Of(["pretrain", .. source, .. rest, .. nothingHeldOut]);
        Assert.IsFalse(all.Succeeded().Error.Contains("was split", StringComparison.Ordinal), all.Error);
        folder.With("star.csv", string.Concat(Enumerable.Range(0, 9).Select(leaf => $"hub,has,leaf {leaf}\n")));
        GmtRun star = GmtRun.Of(["pretrain", "--kg_dir", folder["star.csv"], "--output_dir", folder["star"], .. rest]).Succeeded();
        StringAssert.Contains(star.Error, "none can be held out");
        string[] asked = ["pretrain", "--kg_dir", folder["star.csv"], "--output_dir", folder["no"], .. rest, "--test_fraction", "0.2"];
        Assert.AreEqual(1, GmtRun.Of(asked).ExitCode);
        GmtRun nothing = GmtRun.Of("evaluate", "--model", folder["star"]);
        Assert.AreEqual(1, nothing.ExitCode);
        StringAssert.Contains(nothing.Error, "graph.Split");
    }

    [TestMethod]
    [DataRow("graph.gmtgraph")]
    [DataRow("openke")]
    [DataRow("tsv", "--layout", "tsv")]
    [DataRow("csv", "--layout", "csv")]
    [DataRow("all.tsv")]
    [DataRow("all.csv", "--split", "train")]
    public void The_graph_is_converted_and_every_form_is_read_again(string target, params string[] options)
    {
        using var folder = new TemporaryFolder();
        GmtRun.Of(["convert", s_folder["products.csv"], folder[target], .. options]).Succeeded();
        KnowledgeGraph expected = KnowledgeGraphReader.Read(s_folder["products.csv"]), read = KnowledgeGraphReader.Read(folder[target]);
        CollectionAssert.AreEqual(Words(expected, GraphSplit.Train), Words(read, GraphSplit.Train));
        GmtRun.Of("graph", folder[target]).Succeeded();
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path), "nothing else is left");
    }
}
