using System.Text.Json;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class InferenceCommandTests
{
    [TestMethod]
    [DataRow("auto-classification")]
    [DataRow("auto-links")]
    [DataRow("classification")]
    [DataRow("classification-max-eval")]
    [DataRow("link-prediction")]
    public void Prints_what_the_Python_script_printed(string name)
    {
        GmtRun run = GmtRun.Of(EndToEnd.Command(EndToEnd.Read($"expected/{name}.json").GetProperty("command"))).Succeeded();
        Assert.AreEqual(File.ReadAllText(Path.Combine(EndToEnd.Folder, "expected", $"{name}.txt")), run.Output);
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void Memory_in_half_precision_is_read()
    {
        // The recorded run computed in fp16, so only verdicts, which are far apart, are compared.
        GmtRun run = GmtRun.Of(EndToEnd.Command(EndToEnd.Read("expected/half.json").GetProperty("command"))).Succeeded();
        string[] expected = File.ReadAllLines(Path.Combine(EndToEnd.Folder, "expected", "half.txt"));
        CollectionAssert.AreEqual(expected, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>What the recordings call each contradiction, and how it comes about: the last value of an option counts.</summary>
    [TestMethod]
    [DataRow("command_line_layers_are_read_as_1based_because_the_config_says_so", "--memory_layers 0,2", "-1, 1", "0")]
    [DataRow("memory_keys_unexpected", "--memory_layers 4", "unexpected", "model.layers.1.memory_attn.k_proj.weight")]
    [DataRow("memory_keys_missing", "--memory_layers 1,2,4", "missing", "model.layers.0.memory_attn.k_proj.weight")]
    [DataRow("graph_dim_from_command_line", "--graph_dim 256 --rel_semantic_dim 256", "sgm.rel_semantic.weight", "[46, 256]")]
    [DataRow("num_memory_tokens_from_command_line", "--num_memory_tokens 16", "tokenizer.memory_queries", "[16, 32]")]
    [DataRow("layer_out_of_range", "--memory_layers 9", "8", "4 layers")]
    public void Contradictions_fail_as_recorded(string recorded, string more, params string[] inMessage)
    {
        Assert.IsTrue(EndToEnd.Settings.GetProperty("errors").TryGetProperty(recorded, out JsonElement _), "recorded for the script too");
        AssertFails("expected/classification.json", more, inMessage);
    }

    [TestMethod]
    public void Counting_from_one_shifts_the_default_layers_and_fails_as_recorded()
    {
        Assert.IsTrue(EndToEnd.Settings.GetProperty("errors").TryGetProperty("one_based_flag_shifts_default_layers", out JsonElement _));
        AssertFails("expected/auto-classification.json", "--memory_layers_1based", "-1, 0, 1, 2");
    }

    [TestMethod]
    public void An_unknown_task_is_wrong_usage()
    {
        string[] command = EndToEnd.Command(EndToEnd.Read("expected/classification.json").GetProperty("command"));
        Assert.AreEqual(2, GmtRun.Of([.. command, "--task", "ranking"]).ExitCode);
        Assert.AreEqual(1, GmtRun.Of([.. command, "--prompt_template_name", "nobody's"]).ExitCode);
    }

    private static void AssertFails(string recorded, string more, params string[] inMessage)
    {
        GmtRun run = GmtRun.Of([.. EndToEnd.Command(EndToEnd.Read(recorded).GetProperty("command")), .. more.Split(' ')]);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        foreach (string part in inMessage)
        {
            StringAssert.Contains(run.Error, part);
        }
    }
}
