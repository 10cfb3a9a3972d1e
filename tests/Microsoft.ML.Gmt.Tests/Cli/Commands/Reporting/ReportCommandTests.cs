using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Extensions;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class ReportCommandTests
{
    [TestMethod]
    public void Its_figures_are_those_of_evaluate_to_the_last_digit()
    {
        using var folder = new TemporaryFolder();
        ReportFile report = ReportFile.Of(folder, EarlierModel.Facts, "--thresholds");
        JsonElement evaluated = GmtRun.Json("evaluate", "--model", EarlierModel.Facts, "--thresholds");
        string[] names =
        [
            "triples", "accuracy", "precision", "recall", "f1", "area under the roc curve", "calibration error",
            "accuracy with a threshold for each relation",
        ];
        foreach (string name in names)
        {
            Assert.AreEqual(evaluated[0].GetProperty(name.Replace(' ', '_')).GetDouble(), report.Figure(name), name);
        }

        JsonElement both = evaluated[1].GetProperty("ranks")[0];
        double[] expected = [.. both.EnumerateObject().Skip(1).Select(figure => figure.Value.GetDouble())];
        CollectionAssert.AreEqual(expected, report.Numbers("both"));
        Assert.AreEqual(both.GetProperty("mrr").GetDouble(), report.Figure("MRR"));
        Assert.IsEmpty(report.Faults());
        StringAssert.Matches(
            report.Html, new(@">accuracy</th><td class=""number""><data .*</data></td><td>0\.\d+ to \d.* \(Wilson\)</td>"));
        StringAssert.Contains(report.Html, " (bootstrap)</td>");
    }

    [TestMethod]
    public void It_holds_identity_settings_evidence_and_environment_and_no_path_of_the_machine()
    {
        using var folder = new TemporaryFolder();
        ReportFile report = ReportFile.Of(folder, EarlierModel.Facts, "--facts", "2");
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(EarlierModel.Facts)));
        StringAssert.Contains(report.Html, hash);
        foreach (string part in new[]
        {
            "<html lang=\"en\">", "<title>Report on facts.zip</title>", "Settings: facts.zip, ", "Surest right verdicts",
            "Surest wrong verdicts", "edge, attention", "TorchSharp", "libtorch", "logical processors", "Reliability", "Degrees",
            "Learning curve of stage 2", "prefers-color-scheme: dark", "@media print",
        })
        {
            StringAssert.Contains(report.Html, part);
        }

        Assert.IsFalse(report.Html.Contains(Goldens.RepositoryRoot, StringComparison.Ordinal));
        Assert.IsFalse(report.Html.Contains(folder.Path, StringComparison.Ordinal));
        Assert.IsFalse(report.Html.Contains(Environment.MachineName, StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_graph_alone_is_reported_on_and_the_same_call_draws_the_same_intervals()
    {
        using var folder = new TemporaryFolder();
        string[] call = ["--graph", EarlierModel.GraphFolder, "--no_links"];
        ReportFile report = ReportFile.Of(folder, call), again = ReportFile.Of(folder, call);
        Assert.AreEqual(Figures(report), Figures(again));
        StringAssert.Contains(report.Html, "path, weight");
        StringAssert.Contains(report.Html, "not calibrated on labels");
        Assert.IsEmpty(report.Faults());

        static string Figures(ReportFile report) => report.Html.Split("<h2 id=\"s2\">")[0].Split("<h2 id=\"s1\">")[1];
    }

    [TestMethod]
    public void A_model_without_verdicts_is_reported_on_by_its_ranks()
    {
        using var folder = new TemporaryFolder();
        ReportFile report = ReportFile.Of(folder, EarlierModel.PathOf("sgm.zip"));
        StringAssert.Contains(report.Html, "Facts whose entities are found first");
        Assert.IsFalse(report.Html.Contains("Reliability", StringComparison.Ordinal), "it has no probabilities");
        Assert.IsEmpty(report.Faults());
    }

    [TestMethod]
    public void Names_of_the_data_are_text_wherever_they_stand()
    {
        using var folder = new TemporaryFolder();
        const string Evil = "<script>alert(1)</script>", Quote = "\"x\" & 'y' <b onload=z>";
        var lines = Enumerable.Range(0, 60).SelectMany(i => new[]
        {
            $"{Evil} {i}\t{Quote}\tplace {i % 5}", $"place {i % 5}\t<i>in</i>\tland {i % 2}", $"{Evil} {i}\t<i>in</i>\tland {i % 2}",
        }).Distinct();
        string graph = folder.Write("<svg>.tsv", string.Join('\n', lines) + "\n");
        ReportFile report = ReportFile.Of(folder, "--graph", graph);
        StringAssert.Contains(report.Html, "&lt;script&gt;alert(1)&lt;/script&gt;");
        StringAssert.Contains(report.Html, "Report on &lt;svg&gt;.tsv");
        Assert.IsFalse(report.Html.Contains("<script", StringComparison.OrdinalIgnoreCase));
        Assert.IsFalse(report.Html.Contains("<i>", StringComparison.Ordinal));
        Assert.IsFalse(report.Html.Contains("<b ", StringComparison.Ordinal));
        Assert.IsEmpty(report.Faults());
    }

    [TestMethod]
    public void Other_triples_are_judged_and_those_with_unknown_names_counted()
    {
        using var folder = new TemporaryFolder();
        string[] lines = ["Lena\tlives in\tŁódź", "Ada\tlives in\tLyon", "nobody\tlives in\tLyon", "Bruno\tspeaks\tnothing"];
        string data = folder.Write("others.tsv", string.Join('\n', lines) + "\n");
        GmtRun run = GmtRun.Of("report", EarlierModel.Facts, "--data", data, "--output", folder["report.html"]).Succeeded();
        StringAssert.Contains(run.Error, "2 of 4 triples");
        var report = new ReportFile(File.ReadAllText(folder["report.html"]));
        Assert.AreEqual(2, report.Figure("left out for names that the model&#39;s graph lacks"));
        StringAssert.Contains(report.Html, "Verdicts on 4 test triples, 2 of them negatives drawn for judging");
        Assert.IsEmpty(report.Faults());
    }

    [TestMethod]
    [DataRow("test")]
    [DataRow("train")]
    public void Facts_of_the_model_are_known_beside_other_triples_and_none_is_drawn_as_false(string split)
    {
        // Everybody likes every thing in the model's graph but one, and that one by the other triples: no false triple is typed.
        using var folder = new TemporaryFolder();
        string[] all = [.. Enumerable.Range(0, 8).SelectMany(i => Enumerable.Range(0, 8).Select(j => $"a{i}\tlikes\tb{j}"))];
        string graph = folder.Write("graph.tsv", string.Join('\n', all.Where((_, at) => at % 9 != 0)) + "\n");
        string data = folder.Write("others.tsv", string.Join('\n', all.Where((_, at) => at % 9 == 0)) + "\n");
        ReportFile report = ReportFile.Of(
            folder, "--graph", graph, "--data", data, "--split", split, "--no_links", "--facts", "1000");
        string[] facts = [.. report.Names().Where(name => name.StartsWith('(')).Distinct()];
        Assert.HasCount(8, facts.Where(fact => Regex.IsMatch(fact, @"a(\d), likes, b\1")), "the other triples");
        Assert.IsGreaterThan(8, facts.Length, "and drawn ones");
        Assert.IsEmpty(facts.Where(fact => Regex.IsMatch(fact, @"a(\d), likes, b(?!\1)")), "which the model's graph does not state");
    }

    [TestMethod]
    public void Other_triples_are_ranked_with_all_facts_of_the_model_left_out()
    {
        using var folder = new TemporaryFolder();
        KnowledgeGraph graph = new MLContext().Data.LoadKnowledgeGraph(EarlierModel.GraphFolder);
        string data = folder.Write("others.tsv", string.Concat(graph.Triples(GraphSplit.Test).ToArray().Select(triple =>
            $"{graph.Entities[triple.Head]}\t{graph.Relations[triple.Relation]}\t{graph.Entities[triple.Tail]}\n")));
        JsonElement both = GmtRun.Json("evaluate", "--model", EarlierModel.PathOf("sgm.zip"))[1].GetProperty("ranks")[0];
        ReportFile report = ReportFile.Of(folder, EarlierModel.PathOf("sgm.zip"), "--data", data, "--split", "train");
        CollectionAssert.AreEqual(
            both.EnumerateObject().Skip(1).Select(figure => figure.Value.GetDouble()).ToArray(), report.Numbers("both"));
    }

    [TestMethod]
    public void What_cannot_be_reported_on_is_said_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        StringAssert.Contains(
            GmtRun.Of("report", EarlierModel.Facts, "--output", folder.Path).Error, "names the page to write, and");
        StringAssert.Contains(
            GmtRun.Failed("report", EarlierModel.Facts, "--data", folder["none.tsv"], "--output", folder["a.html"]),
            "which --data names: give a graph's file or folder");
        string foreign = folder.Write("foreign.tsv", "a\tb\tc\n");
        StringAssert.Contains(
            GmtRun.Failed("report", EarlierModel.Facts, "--data", foreign, "--output", folder["a.html"]),
            "knows the names of none of the 1");
        StringAssert.Contains(GmtRun.Of("report", "--output", folder["a.html"]).Error, "give --model, or --kg_dir alone");
        Assert.IsFalse(File.Exists(folder["a.html"]));
    }
}
