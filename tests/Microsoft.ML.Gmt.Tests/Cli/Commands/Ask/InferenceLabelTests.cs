using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Which outputs <c>gmt inference</c> takes for true and false; what says neither is refused, never taken for false.</summary>
[TestClass]
public sealed class InferenceLabelTests
{
    // No field: without the goldens a test is skipped, which it could not be while its class is made ready.
    private static JsonArray Recorded =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(EndToEnd.Folder, "classification.json")))!.AsArray();

    [TestMethod]
    [DataRow("\"True\"", "\"False\"")]
    [DataRow("\"Yes\"", "\"No\"")]
    [DataRow("\" yES\\n\"", "\"NO \"")]
    [DataRow("1", "0")]
    [DataRow("true", "false")]
    [DataRow("\"正确\"", "\"错误\"", "--true_label", "正确")]
    [DataRow("\"right\"", "\"wrong\"", "--false_label", "Wrong")]
    [DataRow("\"True\"", "\"Untrue\"", "--true_label", "true", "--false_label", "untrue,false")]
    public void Labels_mean_the_same_in_all_spellings(string yes, string no, params string[] flags)
    {
        using var folder = new TemporaryFolder();
        JsonElement figures = Json(folder, Rows(yes, no), flags), plain = Json(folder, Rows("\"True\"", "\"False\""));
        foreach (string figure in new[] { "labeled_true", "labeled_false", "accuracy", "precision", "recall", "f1", "calibration_error" })
        {
            Assert.AreEqual(plain.GetProperty(figure).GetDouble(), figures.GetProperty(figure).GetDouble(), figure);
        }

        Assert.AreEqual((2, 2), (figures.GetProperty("labeled_true").GetInt32(), figures.GetProperty("labeled_false").GetInt32()));
        Assert.AreEqual(yes.Contains("rue", StringComparison.Ordinal) && !no.Contains("Untrue", StringComparison.Ordinal),
            figures.TryGetProperty("as_the_script_has_it", out _), "its figures stand there where it reads the labels alike");
    }

    [TestMethod]
    [DataRow("classification", "\"True\"", "\"Untrue\"", "2 of 4 rows are labeled neither true nor false: 'Untrue' (row 2)")]
    [DataRow("classification", "\"正确\"", "\"错误\"", "4 of 4 rows are labeled neither true nor false: '正确' (row 1), '错误' (row 2)")]
    [DataRow("classification", "\"True\"", "\"\"", "2 of 4 rows are labeled neither true nor false: '' (row 2)")]
    [DataRow("classification", "\"True\"", "{\"label\": \"False\"}", "2 of 4 rows")]
    [DataRow("auto", "\"True\"", "\"Untrue\"", "2 of 4 rows are labeled neither true nor false")]
    [DataRow("auto", "\"正确\"", "\"错误\"", "row 1 has no candidates, and its output '正确' says neither true nor false")]
    public void What_says_neither_is_counted_and_refused(string task, string yes, string no, string inMessage)
    {
        using var folder = new TemporaryFolder();
        GmtRun run = GmtRun.Of([.. Inference(folder, Rows(yes, no)), "--task", task]);
        Assert.AreEqual((1, ""), (run.ExitCode, run.Output));
        StringAssert.Contains(run.Error, inMessage);
        StringAssert.Contains(run.Error, "--true_label");
    }

    [TestMethod]
    public void A_label_on_both_sides_and_two_that_are_left_are_refused()
    {
        using var folder = new TemporaryFolder();
        string[] command = Inference(folder, Rows("\"a\"", "\"b\""));
        Assert.AreEqual(2, GmtRun.Of([.. command, "--true_label", "a", "--false_label", "B,A"]).ExitCode);
        GmtRun run = GmtRun.Of([.. Inference(folder, [.. Rows("\"a\"", "\"b\""), .. Rows("\"a\"", "\"c\"")]), "--true_label", "a"]);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "4 of 8 rows are labeled neither true nor false: 'b' (row 2), 'c' (row 6)");
    }

    [TestMethod]
    public void Of_one_side_alone_the_other_is_what_is_left()
    {
        CollectionAssert.AreEqual(
            new[] { true, false }, new TruthLabels(["0"], []).Read("f", ["0", "1"]), "the usual words do not count then");
        CollectionAssert.AreEqual(new[] { false, true }, new TruthLabels([], ["ok"]).Read("f", ["OK", "?"]));
        CollectionAssert.AreEqual(new[] { true, true }, new TruthLabels(["ok"], []).Read("f", ["OK", " ok "]));
        Assert.ThrowsExactly<CommandFailure>(() => new TruthLabels(["ok"], []).Read("f", ["ok", ""]), "an empty label says nothing");
    }

    [TestMethod]
    public void The_compatible_command_keeps_the_script_s_rule()
    {
        using var folder = new TemporaryFolder();
        string[] recorded = EndToEnd.Command(EndToEnd.Read("expected/classification.json").GetProperty("command"));
        GmtRun run = GmtRun.Of([.. recorded, "--data_path", Write(folder, Rows("\"Untrue\"", "\"No\""))]).Succeeded();
        Assert.AreEqual(
            GmtRun.Of([.. recorded, "--data_path", Write(folder, Rows("\"True\"", "\"False\""))]).Succeeded().Output, run.Output,
            "\"Untrue\" holds \"true\"");
    }

    [TestMethod]
    public void Candidates_are_no_labels_and_a_relation_named_candidate_asks_for_none()
    {
        using var folder = new TemporaryFolder();
        JsonObject link = Row(0, "\"Yes\"");
        link["candidates"] = new JsonArray("Yes", "Genesis");
        Assert.IsTrue(Json(folder, [link]).TryGetProperty("mrr", out _), "a band");
        JsonObject statement = Row(0, "\"Yes\"");
        statement["input"] = "( Ford, candidate of, Republicans )";
        Assert.IsTrue(Json(folder, [statement]).TryGetProperty("accuracy", out _));
    }

    /// <summary>Four rows that are by turns true and false.</summary>
    private static JsonObject[] Rows(string yes, string no) => [Row(0, yes), Row(1, no), Row(2, yes), Row(3, no)];

    private static JsonObject Row(int row, string output)
    {
        JsonObject copy = Recorded[row]!.DeepClone().AsObject();
        copy["output"] = JsonNode.Parse(output);
        return copy;
    }

    private static string Write(TemporaryFolder folder, JsonObject[] rows) =>
        folder.Write("rows.json", $"[{string.Join(",\n", rows.Select(row => row.ToJsonString()))}]");

    private static JsonElement Json(TemporaryFolder folder, JsonObject[] rows, params string[] flags) =>
        JsonDocument.Parse(GmtRun.Of([.. Inference(folder, rows), .. flags, "--json"]).Succeeded().Output).RootElement;

    private static string[] Inference(TemporaryFolder folder, JsonObject[] rows)
    {
        List<string> arguments = EndToEnd.Arguments(EndToEnd.Read("gmt/gmt_config.json"));
        return
        [
            "inference", "--base_model", Path.Combine(EndToEnd.Folder, "base"), "--gmt_dir", Path.Combine(EndToEnd.Folder, "gmt"),
            "--data_path", Write(folder, rows), "--kg_dir", arguments[arguments.IndexOf("--kg_dir") + 1], "--max_new_tokens", "2",
        ];
    }
}
