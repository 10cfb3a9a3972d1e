using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed partial class FinetuneCommandTests
{
    [TestMethod]
    public void Prints_and_writes_what_the_Python_script_does()
    {
        foreach (JsonProperty recorded in EndToEnd.Settings.GetProperty("finetune_printed").EnumerateObject())
        {
            AssertAsRecorded(recorded.Value.GetString()!);
        }
    }

    [TestMethod]
    public void What_it_wrote_is_what_inference_reads()
    {
        using var folder = new TemporaryFolder();
        GmtRun.Of([.. Small(folder.Path), "--num_epochs", "1"]).Succeeded();
        List<string> command = [.. EndToEnd.Command(EndToEnd.Read("expected/classification.json").GetProperty("command")), "--gmt_dir", folder.Path, "--max_eval", "2"];
        StringAssert.Contains(GmtRun.Of([.. command]).Succeeded().Output, "Accuracy: ");
    }

    [TestMethod]
    [DataRow("--batch_size 0", "batch size ('0')", 1)]
    [DataRow("--data_path /no/such/file.json", "There is no instruction file '/no/such/file.json'", 1)]
    [DataRow("--data_path /", "'/' is a folder", 1)]
    [DataRow("--base_model nobody/nothing", "hf download nobody/nothing", 1)]
    [DataRow("--kg_dir /no/such/folder", "'/no/such/folder'", 1)]
    [DataRow("--prompt_template_name nobody's", "there is no prompt template", 1)]
    [DataRow("--graph_dim 16", "is [32, 24], here it is [16, 24]", 1)]
    [DataRow("--batch_size 2 --micro_batch_size 4", "must be at least the micro batch size (4)", 1)]
    [DataRow("--batch_size 5 --micro_batch_size 2", "must be divisible by the micro batch size (2)", 1)]
    [DataRow("--memory_layers 99", "not all in the model", 1)]
    [DataRow("--memory_layers 1,1", "twice", 1)]
    [DataRow("--memory_layers 1,x", "'x' in '1,x' is not a whole number", 1)]
    [DataRow("--sgm_ckpt /no/such/file", "/no/such/file", 1)]
    [DataRow("--val_set_size 100000", "can be held out", 1)]
    [DataRow("--lora_r x", "'x' is not a whole number", 2)]
    public void What_does_not_go_together_fails_before_anything_is_trained(string more, string inMessage, int code)
    {
        using var folder = new TemporaryFolder();
        GmtRun run = GmtRun.Of([.. Small(folder["out"]), .. more.Split(' ')]);
        Assert.AreEqual(code, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, inMessage);
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }

    [TestMethod]
    [DataRow("2", "0", 4, 4, "Batch size / micro batch size (1) must be at least the number of processes (2)")]
    [DataRow("2", "1", 3, 1, "Batch size / micro batch size (3) must be divisible by the number of processes (2)")]
    public void The_first_of_several_processes_prints_the_settings_and_each_checks_its_share(
        string worldSize, string rank, int batch, int microBatch, string inMessage)
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, string> environment = new() { ["WORLD_SIZE"] = worldSize, ["RANK"] = rank, ["LOCAL_RANK"] = rank };
        GmtRun run = GmtRun.Finish(
            GmtRun.StartWith(environment, [.. Small(folder["out"]), "--batch_size", $"{batch}", "--micro_batch_size", $"{microBatch}"]));
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual(rank == "0", run.Output.Contains($"\"batch_size\": {batch}", StringComparison.Ordinal));
        StringAssert.Contains(run.Error, inMessage);
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }

    [TestMethod]
    public void What_a_launcher_says_must_make_sense()
    {
        using var folder = new TemporaryFolder();
        GmtRun run = GmtRun.Finish(GmtRun.StartWith(new() { ["WORLD_SIZE"] = "two" }, Small(folder["out"])));
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "error: WORLD_SIZE is 'two'; a whole number is expected.");
    }

    [TestMethod]
    public void Of_two_contrary_switches_the_later_one_counts()
    {
        using var folder = new TemporaryFolder();
        bool TrainsOnInputs(params string[] switches)
        {
            // The settings are printed before the batch size is refused.
            GmtRun run = GmtRun.Of([.. Small(folder["out"]), "--batch_size", "0", .. switches]);
            return run.Output.Contains("\"train_on_inputs\": true", StringComparison.Ordinal);
        }

        Assert.IsTrue(TrainsOnInputs());
        Assert.IsFalse(TrainsOnInputs("--no_train_on_inputs"));
        Assert.IsTrue(TrainsOnInputs("--no_train_on_inputs", "--train_on_inputs"));
        Assert.IsFalse(TrainsOnInputs("--no_train_on_inputs", "--train_on_inputs", "--no_train"));
    }

    private static void AssertAsRecorded(string printed)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        JsonElement settings = JsonDocument.Parse(printed[..(printed.IndexOf("\n}", StringComparison.Ordinal) + 2)]).RootElement;
        string output = settings.GetProperty("output_dir").GetString()!;
        string theirs = Path.Combine(Path.GetDirectoryName(EndToEnd.Folder)!, output);
        string Recorded(string text) => EndToEnd.Relative(text.Replace(folder.Path, output, StringComparison.Ordinal));

        List<string> arguments = EndToEnd.Arguments(settings, ("output_dir", folder.Path));
        GmtRun run = GmtRun.Of(["finetune_gmt", .. arguments]).Succeeded();
        Assert.AreEqual(WithoutLosses(printed), WithoutLosses(Recorded(run.Output)));

        // Losses are as near as the order and dropout of other random streams allow. Held-out rows are the very ones, and without dropout.
        foreach (((string kind, double expected), (_, double actual)) in Losses(printed).Zip(Losses(run.Output)))
        {
            Assert.AreEqual(expected, actual, kind == "eval_loss" ? 2e-4 : 0.05 + (0.1 * expected), kind);
        }

        Assert.AreEqual(File.ReadAllText(Path.Combine(theirs, "gmt_config.json")), Recorded(File.ReadAllText(folder["gmt_config.json"])));
        string[] files = ["graph_encoder.pth", "memory_attn.pth"];
        CollectionAssert.AreEquivalent(
            (string[])[.. files, "gmt_config.json"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ToArray());
        foreach (string file in files)
        {
            AssertSameShapes(Path.Combine(theirs, file), folder[file]);
        }
    }

    /// <summary>A small run of the recorded settings.</summary>
    internal static string[] Small(string output)
    {
        List<string> arguments = EndToEnd.Arguments(EndToEnd.Read("gmt/gmt_config.json"), ("output_dir", output));
        arguments.Remove("--no_train_on_inputs");
        return ["finetune_gmt", .. arguments];
    }

    private static string WithoutLosses(string text) => Loss().Replace(text, "$1…");

    private static IEnumerable<(string Kind, double Value)> Losses(string text) =>
        Loss().Matches(text).Select(match => (match.Groups[2].Value, double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture)));

    private static void AssertSameShapes(string expected, string actual)
    {
        IReadOnlyDictionary<string, Tensor> theirs = TorchFile.LoadStateDict(expected), ours = TorchFile.LoadStateDict(actual);
        CollectionAssert.AreEqual(theirs.Keys.ToArray(), ours.Keys.ToArray());
        Assert.IsTrue(theirs.All(pair => pair.Value.shape.SequenceEqual(ours[pair.Key].shape)));
    }

    [GeneratedRegex(@"('((?:eval_)?loss)': )([0-9.e+-]+)")]
    private static partial Regex Loss();
}
