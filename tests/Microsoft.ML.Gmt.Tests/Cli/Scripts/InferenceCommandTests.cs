using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class InferenceCommandTests
{
    [TestMethod]
    public void Prints_what_the_Python_script_printed()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(EndToEnd.Folder, "expected"), "*.txt").Order(StringComparer.Ordinal))
        {
            JsonElement recorded = EndToEnd.Read($"expected/{Path.GetFileNameWithoutExtension(file)}.json");
            GmtRun run = GmtRun.Of(EndToEnd.Command(recorded.GetProperty("command"))).Succeeded();
            if (recorded.GetProperty("patched").EnumerateArray().Any(patch => patch.GetString()!.Contains("float32", StringComparison.Ordinal)))
            {
                Assert.AreEqual(File.ReadAllText(file), run.Output, file);
                Assert.AreEqual("", run.Error);
            }
            else
            {
                // The script computed in fp16: its verdicts are far enough apart for fp32 to give them too, its texts need not be.
                Assert.AreEqual(File.ReadAllLines(file)[^1], run.Output.TrimEnd('\n').Split('\n')[^1], file);
            }
        }
    }

    [TestMethod]
    public void Lines_and_an_array_of_rows_are_the_same()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(EndToEnd.Folder, "links.jsonl")).Where(line => line.Trim().Length > 0)];
        using TemporaryFolder folder = new TemporaryFolder().With("links.json", $"[{string.Join(",\n", lines)}]");
        GmtRun run = Run("expected/link-prediction.json", "--data_path", folder["links.json"]).Succeeded();
        Assert.AreEqual(File.ReadAllText(Path.Combine(EndToEnd.Folder, "expected", "link-prediction.txt")), run.Output);
    }

    /// <summary>What the recordings call each contradiction, and how it comes about.</summary>
    [TestMethod]
    [DataRow("command_line_layers_are_read_as_1based_because_the_config_says_so", "-1")]
    [DataRow("memory_keys_unexpected", "unexpected")]
    [DataRow("memory_keys_missing", "missing")]
    [DataRow("graph_dim_from_command_line", "sgm.rel_semantic.weight")]
    [DataRow("num_memory_tokens_from_command_line", "tokenizer.memory_queries")]
    [DataRow("layer_out_of_range", "not all in the model")]
    public void Contradictions_fail_as_recorded(string recorded, string inMessage)
    {
        Assert.IsTrue(EndToEnd.Settings.GetProperty("errors").TryGetProperty(recorded, out JsonElement _), "recorded for the script too");
        JsonElement config = EndToEnd.Read("gmt/gmt_config.json");
        if (!config.GetProperty("memory_layers_1based").GetBoolean())
        {
            Assert.Inconclusive("The recorded model counts its layers from 0.");
        }

        int layers = LlamaConfig.Load(Path.Combine(EndToEnd.Folder, "base")).LayerCount;
        int[] trained = [.. config.GetProperty("memory_layers").GetString()!.Split(',').Select(layer => int.Parse(layer, CultureInfo.InvariantCulture))];
        int untrained = Enumerable.Range(1, layers).Except(trained).First();
        string[] more = recorded switch
        {
            "command_line_layers_are_read_as_1based_because_the_config_says_so" => ["--memory_layers", "0"],
            "memory_keys_unexpected" => ["--memory_layers", $"{trained[0]}"],
            "memory_keys_missing" => ["--memory_layers", string.Join(',', [.. trained, untrained])],
            "graph_dim_from_command_line" => ["--graph_dim", "256", "--rel_semantic_dim", "256"],
            "num_memory_tokens_from_command_line" => ["--num_memory_tokens", $"{config.GetProperty("num_memory_tokens").GetInt32() + 10}"],
            _ => ["--memory_layers", $"{layers + 5}"],
        };
        AssertFails("expected/classification.json", inMessage, more);
    }

    [TestMethod]
    public void Counting_from_one_shifts_the_default_layers_and_fails_as_recorded()
    {
        Assert.IsTrue(EndToEnd.Settings.GetProperty("errors").TryGetProperty("one_based_flag_shifts_default_layers", out JsonElement _));
        AssertFails("expected/auto-classification.json", "-1", "--memory_layers_1based");
    }

    [TestMethod]
    public void An_unknown_task_is_wrong_usage()
    {
        string[] command = EndToEnd.Command(EndToEnd.Read("expected/classification.json").GetProperty("command"));
        Assert.AreEqual(2, GmtRun.Of([.. command, "--task", "ranking"]).ExitCode);
        Assert.AreEqual(1, GmtRun.Of([.. command, "--prompt_template_name", "nobody's"]).ExitCode);
    }

    [TestMethod]
    public void A_fault_of_a_late_row_is_told_before_the_first_answer()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("rows.jsonl", $"{Row("[0, 0, 1]")}\n{Row("[0, 0, 100000]")}\n");
        AssertFails(
            "expected/classification.json", "row 2 (line 2).embedding_ids: [0, 0, 100000] is not a triple of this graph", "--data_path",
            folder["rows.jsonl"]);

        // What is not asked is not looked at.
        Assert.AreEqual(0, Run("expected/classification.json", "--data_path", folder["rows.jsonl"], "--max_eval", "1").ExitCode);
    }

    [TestMethod]
    [DataRow("--gmt_dir", "/no/such/folder", "There is no folder '/no/such/folder'")]
    [DataRow("--data_path", "/no/such/file", "There is no instruction file '/no/such/file'")]
    [DataRow("--kg_dir", "/no/such/folder", "There is no folder '/no/such/folder'")]
    [DataRow("--base_model", "nobody/nothing", "hf download nobody/nothing")]
    [DataRow("--memory_layers", "2,x", "'x' in '2,x' is not a whole number")]
    public void What_is_not_there_is_named(string option, string value, string inMessage) =>
        AssertFails("expected/classification.json", inMessage, option, value);

    [TestMethod]
    public void What_the_task_does_not_need_is_not_looked_at()
    {
        Assert.AreEqual(0, Run("expected/classification.json", "--max_eval", "1", "--hits_k", "x").ExitCode);
        AssertFails("expected/classification.json", "'x' in 'x' is not a whole number", "--task", "link_prediction", "--hits_k", "x");
    }

    [TestMethod]
    public void No_rows_print_nothing_and_a_warning()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("rows.json", "[]");
        GmtRun run = Run("expected/classification.json", "--data_path", folder["rows.json"]);
        Assert.AreEqual((0, ""), (run.ExitCode, run.Output));
        StringAssert.Contains(run.Error, "holds no rows");
    }

    [TestMethod]
    public void A_template_of_ones_own_is_a_file()
    {
        // The recorded run has this template by name, and answers otherwise with the default.
        using TemporaryFolder folder = new TemporaryFolder().With(
            "mine.json", JsonSerializer.Serialize(PromptTemplate.Named("alpaca_short")));
        GmtRun run = Run("expected/classification-max-eval.json", "--prompt_template_name", folder["mine.json"]).Succeeded();
        Assert.AreEqual(File.ReadAllText(Path.Combine(EndToEnd.Folder, "expected/classification-max-eval.txt")), run.Output);
        Assert.AreNotEqual(run.Output, Run("expected/classification-max-eval.json", "--prompt_template_name", "").Succeeded().Output);
    }

    [TestMethod]
    public void Interrupted_once_it_ends_with_a_message_and_without_figures()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Signals are sent by kill(1).");
        }

        using TemporaryFolder folder = new TemporaryFolder().With(
            "rows.jsonl", string.Join('\n', Enumerable.Repeat(Row("[0, 0, 1]"), 20_000)));
        Process process = GmtRun.Start([.. Command("expected/classification.json"), "--data_path", folder["rows.jsonl"]]);
        Assert.IsNotNull(process.StandardOutput.ReadLine(), "the first response");
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        GmtRun run = GmtRun.Finish(process);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "gmt inference_gmt: interrupted before the end");
        Assert.DoesNotContain("Accuracy", run.Output);
    }

    private static string Row(string ids) => $$"""{"instruction": "Is it true?", "input": "a, b, c", "output": "True", "embedding_ids": {{ids}}}""";

    private static string[] Command(string recorded) => EndToEnd.Command(EndToEnd.Read(recorded).GetProperty("command"));

    private static GmtRun Run(string recorded, params string[] more) => GmtRun.Of([.. Command(recorded), .. more]);

    private static void AssertFails(string recorded, string inMessage, params string[] more)
    {
        GmtRun run = Run(recorded, more);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, inMessage);
    }
}
