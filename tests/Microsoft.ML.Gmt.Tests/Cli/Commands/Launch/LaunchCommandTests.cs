using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt launch</c> with real processes, which train as the script does.</summary>
[TestClass]
public sealed partial class LaunchCommandTests
{
    [TestMethod]
    public void Two_processes_train_as_one_does_and_the_first_writes()
    {
        using var folder = new TemporaryFolder();
        string[] common = ["--graph_dropout", "0", "--lora_dropout", "0", "--num_epochs", "1", "--val_set_size", "20"];
        GmtRun alone = GmtRun.Of([.. FinetuneCommandTests.Small(folder["one"]), .. common]).Succeeded();
        string[] launch = ["launch", "--processes", "2", "--log_dir", folder["logs"], "--"];
        GmtRun launched = GmtRun.Finish(
            GmtRun.Start([.. launch, .. FinetuneCommandTests.Small(folder["two"]), .. common])).Succeeded();
        string log = File.ReadAllText(Path.Combine(folder["logs"], "rank-1.log"));
        (string Kind, double Value)[] expected = Losses(alone.Output), actual = Losses(launched.Output);
        Assert.IsGreaterThan(1, expected.Length);
        CollectionAssert.AreEqual(expected.Select(loss => loss.Kind).ToArray(), actual.Select(loss => loss.Kind).ToArray());
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i].Value, actual[i].Value, 2e-4, $"{expected[i].Kind} {i}");
        }

        CollectionAssert.AreEquivalent(
            new[] { "graph_encoder.pth", "memory_attn.pth", "gmt_config.json" },
            Directory.GetFileSystemEntries(folder["two"]).Select(Path.GetFileName).ToArray());
        StringAssert.Contains(launched.Error, $"the output of ranks 1 to 1 goes to {folder["logs"]}");
        Match first = LastLine().Match(launched.Error), second = LastLine().Match(log);
        Assert.AreEqual("0", first.Groups["rank"].Value);
        Assert.AreEqual("1", second.Groups["rank"].Value);
        Assert.AreNotEqual("0", second.Groups["rows"].Value);
        Assert.IsFalse(log.Contains("'loss'", StringComparison.Ordinal), "rank 0 alone reports");
    }

    [TestMethod]
    [DataRow("train-kge --dim 12 --epochs 3 --batch_size 64", "kge.zip", "kge_config.json")]
    [DataRow("train-path --dim 16 --hidden_dim 16 --layers 2 --epochs 2", "paths.zip", "path_config.json")]
    [DataRow(
        "pretrain --graph_dim 16 --rel_semantic_dim 16 --sgm_layers 1 --sgm_heads 2 --top_k 3 --epochs 2 --batch_size 32 --num_neg 4",
        "sgm_state.pth", "sgm_config.json")]
    [DataRow(
        "finetune --base_model BASE --graph_dim 16 --rel_semantic_dim 16 --sgm_layers 1 --sgm_heads 2 --graph_dropout 0 --lora_dropout 0 "
        + "--num_memory_tokens 4 --memory_heads 2 --memory_layers 3,4 --lora_r 2 --batch_size 8 --num_epochs 1 --val_set_size 8",
        "graph_encoder.pth", "memory_attn.pth", "gmt_config.json")]
    public void Three_processes_train_as_one_does_with_a_strict_command(string command, params string[] files)
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        string[] arguments = [.. command.Replace("BASE", GmtPipelines.BaseModel, StringComparison.Ordinal).Split(' '),
            "--kg_dir", folder["graph"], "--seed", "1", "--output_dir"];
        GmtRun alone = GmtRun.Of([.. arguments, folder["one"]]).Succeeded();
        GmtRun launched = GmtRun.Finish(GmtRun.Start(
            ["launch", "--processes", "3", "--log_dir", folder["logs"], "--", .. arguments, folder["three"]])).Succeeded();
        double[] expected = Numbers(alone.Output), actual = Numbers(launched.Output);
        Assert.IsGreaterThan(2, expected.Length);
        Assert.HasCount(expected.Length, actual, launched.Output);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i], 2e-3, $"{alone.Output}\n{launched.Output}");
        }

        CollectionAssert.AreEquivalent(files, Directory.GetFileSystemEntries(folder["three"]).Select(Path.GetFileName).ToArray());
        for (int rank = 1; rank < 3; rank++)
        {
            string log = File.ReadAllText(Path.Combine(folder["logs"], $"rank-{rank}.log"));
            StringAssert.Matches(log, LastLine());
            Assert.IsFalse(log.Contains("Epoch", StringComparison.Ordinal), "rank 0 alone reports");
        }
    }

    [TestMethod]
    public void Three_reproducible_processes_write_the_bytes_of_one()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        byte[] Trained(int processes)
        {
            string output = folder[$"{processes}"];
            GmtRun.Finish(GmtRun.Start(
            [
                "launch", "--processes", $"{processes}", "--log_dir", folder["logs"], "--",
                .. "pretrain --graph_dim 16 --rel_semantic_dim 16 --sgm_layers 1 --sgm_heads 2 --top_k 3".Split(' '),
                "--epochs", "2", "--reproducible", "--batch_size", "32", "--num_neg", "4", "--kg_dir", folder["graph"], "--seed", "1",
                "--output_dir", output,
            ])).Succeeded();
            StringAssert.Contains(File.ReadAllText(Path.Combine(output, "sgm_config.json")), "\"reproducible\": true");
            return File.ReadAllBytes(Path.Combine(output, "sgm_state.pth"));
        }

        CollectionAssert.AreEqual(Trained(1), Trained(3));
    }

    [TestMethod]
    public void Two_processes_evaluate_to_the_letter_as_one_does()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        GmtRun.Of(
            "train-kge", "--kg_dir", folder["graph"], "--output_dir", folder["kge"], "--dim", "12", "--epochs", "1", "--seed", "1")
            .Succeeded();
        string[] embedding = ["--model", Path.Combine(folder["kge"], "kge.zip"), "--thresholds"], paths = ["--graph", folder["graph"]];
        foreach (string[] model in new[] { embedding, paths })
        {
            GmtRun Evaluate(int processes) => GmtRun.Finish(GmtRun.Start(
            [
                "launch", "--processes", $"{processes}", "--log_dir", folder["logs"], "--", "evaluate", .. model, "--all_metrics", "--json",
            ])).Succeeded();
            GmtRun alone = Evaluate(1), together = Evaluate(2);
            StringAssert.Contains(alone.Output, "arithmetic_mean_rank");
            Assert.AreEqual(alone.Output, together.Output);
            string log = File.ReadAllText(Path.Combine(folder["logs"], "rank-1.log"));
            Assert.IsGreaterThanOrEqualTo(54, Rows(together.Error) + Rows(log), "36 verdicts and 18 ranks");
            Assert.IsFalse(log.Contains("arithmetic_mean_rank", StringComparison.Ordinal), "rank 0 alone reports");
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("managed")]
    [DataRow("auto")] // Gloo where it can be used
    public void A_killed_process_ends_all_with_its_name_and_the_checkpoint_stays(string engine)
    {
        using var folder = new TemporaryFolder();
        string[] command = [.. FinetuneCommandTests.Small(folder["out"]), "--checkpoint_seconds", "0"];
        Process process = GmtRun.StartWith(
            new() { ["GMT_COLLECTIVE"] = engine },
            ["launch", "--log_dir", folder["logs"], "--", .. command, "--num_epochs", "1000"]);
        RandomKills.AtFirstStep(process);
        using (var second = Process.GetProcessById(ChildOf(process.Id, "RANK=1")))
        {
            second.Kill();
        }

        long killed = Stopwatch.GetTimestamp();
        GmtRun run = GmtRun.Finish(process);
        Assert.AreEqual(ExitCode.Failure, run.ExitCode);
        Assert.IsLessThan(60, Stopwatch.GetElapsedTime(killed).TotalSeconds);
        StringAssert.Contains(run.Error, "gmt finetune_gmt: error: rank 1 (");
        StringAssert.Contains(run.Error, "ended: its connection was closed");
        StringAssert.Contains(run.Error, "gmt launch: rank ");
        Assert.IsTrue(File.Exists(Path.Combine(folder["out"], "training.safetensors")));
    }

    [TestMethod]
    public void What_a_process_refuses_is_shown_and_its_exit_code_is_the_launchs()
    {
        using var folder = new TemporaryFolder();
        GmtRun run = GmtRun.Finish(GmtRun.Start(
            ["launch", "--log_dir", folder["logs"], "--", .. FinetuneCommandTests.Small(folder["out"]), "--no_such_option"]));
        Assert.AreEqual(ExitCode.Usage, run.ExitCode);
        StringAssert.Contains(run.Error, "there is no option --no_such_option");
        StringAssert.Contains(File.ReadAllText(Path.Combine(folder["logs"], "rank-1.log")), "there is no option --no_such_option");
    }

    [TestMethod]
    [DataRow("launch", "COMMAND")]
    [DataRow("launch -- no_such", "there is no command 'no_such'")]
    [DataRow("launch -- tokenize --kg_dir x", "'tokenize' does not share its work among processes; these do: ")]
    [DataRow("launch --processes 0 -- finetune_gmt", "--processes is 0")]
    public void What_makes_no_sense_is_wrong_usage(string line, string inMessage)
    {
        GmtRun run = GmtRun.Of(line.Split(' '));
        Assert.AreEqual(ExitCode.Usage, run.ExitCode);
        StringAssert.Contains(run.Error, inMessage);
    }

    private static int ChildOf(int parent, string variable) => Process.GetProcesses().Select(process => process.Id).Single(id =>
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{parent}"
                && File.ReadAllText($"/proc/{id}/environ").Split('\0').Contains(variable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, or is another user's
        }
    });

    private static int Rows(string text) =>
        int.Parse(LastLine().Match(text).Groups["rows"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static double[] Numbers(string text) =>
        [.. Number().Matches(text).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    private static (string Kind, double Value)[] Losses(string text) =>
    [
        .. Loss().Matches(text).Select(match => (match.Groups[1].Value, double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex(@"'((?:eval_)?loss)': ([0-9.e+-]+)")]
    private static partial Regex Loss();

    [GeneratedRegex(@"\d+\.\d+|\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"rank (?<rank>\d) of [23]: (?<rows>[\d,]+) rows, [\d,]+ bytes sent")]
    private static partial Regex LastLine();
}
