using System.Text.Json;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class GraphCommandTests
{
    [TestMethod]
    public void A_sound_graph_is_counted_and_what_is_doubtful_listed()
    {
        using var folder = new TemporaryFolder();
        folder.With(
            "entity2id.txt",
            "4\na 0\nb 1\nc 2\nalone 3\n").With("relation2id.txt", "2\nr 0\nunused 1\n").With("entity2text.txt", "a\tthe first\n")
            .With("train2id.txt", "3\n0 1 0\n0 1 0\n2 2 0\n").With("valid2id.txt", "1\n0 1 0\n").With("valid_neg2id.txt", "1\n0 1 0\n");
        GmtRun run = GmtRun.Of("graph", folder.Path, "--json").Succeeded();
        using JsonDocument graph = JsonDocument.Parse(run.Output);
        Assert.AreEqual(0, graph.RootElement.GetProperty("faults").GetInt64());
        Assert.AreEqual(3, graph.RootElement.GetProperty("splits")[0].GetProperty("triples").GetInt32());
        Dictionary<string, string> doubts = graph.RootElement.GetProperty("doubtful").EnumerateArray()
            .ToDictionary(row => row.GetProperty("what").GetString()!, row => row.GetProperty("examples").GetString()!);
        Assert.AreEqual("(the first, r, b)", doubts["train: duplicates"]);
        Assert.AreEqual("(c, r, c)", doubts["train: an entity related to itself"]);
        Assert.AreEqual("(the first, r, b)", doubts["validation: also in training"]);
        Assert.AreEqual("(the first, r, b)", doubts["validation: labeled true and false"]);
        Assert.AreEqual("alone", doubts["entities without a training edge"]);
        Assert.AreEqual("unused", doubts["relations without a training triple"]);
    }

    [TestMethod]
    public void Every_fault_is_listed_and_the_exit_code_says_so()
    {
        using var folder = new TemporaryFolder();
        folder.With("entity2id.txt", "2\na 0\nb 5\n").With("relation2id.txt", "1\nr 0\n").With("train2id.txt", "2\n0 1 0\n0 9 0\n");
        GmtRun run = GmtRun.Of("graph", folder.Path);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Output, "2 faults");
        StringAssert.Contains(run.Output, "entity2id.txt, line 3, column 3");
        StringAssert.Contains(run.Output, "train2id.txt, line 3, column 3");
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void Columns_may_come_in_another_order()
    {
        using var folder = new TemporaryFolder();
        folder.With("entity2id.txt", "3\na 0\nb 1\nc 2\n").With("relation2id.txt", "1\nr 0\n").With("train2id.txt", "1\n1 0 2\n");
        Assert.AreEqual(0, GmtRun.Of("graph", folder.Path, "--triple_format", "hrt").ExitCode);
        Assert.AreEqual(1, GmtRun.Of("graph", folder.Path).ExitCode);
        Assert.AreEqual(1, GmtRun.Of("graph", "/no/such/graph").ExitCode);
    }

    [TestMethod]
    public void Of_many_faults_the_first_are_listed_and_the_others_counted()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.tsv", "a\tr\tb\nb\tr\ta\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"a\tr\tb\nfault {i}\n")));
        GmtRun run = GmtRun.Of("graph", folder.Path);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Output, "5000 faults");
        StringAssert.Contains(run.Output, "'fault 19'");
        Assert.IsFalse(run.Output.Contains("'fault 20'", StringComparison.Ordinal), run.Output);
        using JsonDocument report = JsonDocument.Parse(GmtRun.Of("graph", folder.Path, "--json").Output);
        Assert.AreEqual(5000, report.RootElement.GetProperty("faults").GetInt64());
        Assert.HasCount(20, report.RootElement.GetProperty("faults_by_place").EnumerateArray().ToArray());
        Assert.AreEqual(4980, report.RootElement.GetProperty("faults_not_listed").GetInt64());
    }

    [TestMethod]
    public void Doubts_and_faults_name_flags_in_place_of_options()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.tsv", "a\tr\tb\t7\n");
        GmtRun run = GmtRun.Of("graph", folder.Path);
        StringAssert.Contains(run.Output, "4 columns between tabs");
        StringAssert.Contains(run.Output, "set --columns");
        folder.With("train.tsv", "ant\tbee\teats\nbee\tcow\teats\ncow\tdog\tfears\ndog\tant\tfears\n");
        run = GmtRun.Of("graph", folder.Path).Succeeded();
        StringAssert.Contains(run.Output, "the columns may be 'htr': set --columns");
    }
}
