using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Llm;

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

    private static void AssertFails(string recorded, string inMessage, params string[] more)
    {
        GmtRun run = GmtRun.Of([.. EndToEnd.Command(EndToEnd.Read(recorded).GetProperty("command")), .. more]);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, inMessage);
    }
}
