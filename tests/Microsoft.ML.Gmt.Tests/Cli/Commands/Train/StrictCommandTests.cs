using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt pretrain</c>, <c>finetune</c> and <c>inference</c>: from a graph to verdicts with our figures first.</summary>
[TestClass]
public sealed class StrictCommandTests
{
    [TestMethod]
    public void From_a_graph_alone_to_an_archive_that_answers()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        GmtRun.Of(
            "pretrain", "--kg_dir", folder["graph"], "--output_dir", folder["sgm"], "--graph_dim", "16", "--rel_semantic_dim", "16",
            "--sgm_layers", "1", "--sgm_heads", "2",
            "--top_k", "3", "--epochs", "2", "--batch_size", "32", "--num_neg", "4").Succeeded();
        string[] arguments =
        [
            "finetune", "--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"], "--sgm_ckpt",
            Path.Combine(folder["sgm"], "sgm_state.pth"), "--output_dir", folder["gmt"],
            "--num_memory_tokens", "4", "--memory_heads", "2", "--memory_layers", "3,4", "--lora_r", "2", "--batch_size", "8",
            "--num_epochs", "2",
            "--val_set_size", "8",
        ];
        GmtRun run = GmtRun.Of([.. arguments, "--archive", folder["facts.zip"]]).Succeeded();
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        StringAssert.Matches(lines[0], new(@"^Epoch 1 loss \d+\.\d{4} valid loss \d+\.\d{4}$"));
        StringAssert.Matches(lines[^1], new(@"^best epoch [12] with valid loss \d+\.\d{4}$"));

        // The module's shape came out of its checkpoint, and the query is masked unless that is unwanted.
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["gmt"], "gmt_config.json")));
        Assert.AreEqual(16, config.RootElement.GetProperty("graph_dim").GetInt32());
        Assert.AreEqual(3, config.RootElement.GetProperty("top_k").GetInt32());
        Assert.IsTrue(config.RootElement.GetProperty("mask_query").GetBoolean());

        // As in the library, a batch goes through the model at once, and the answer alone is learned.
        Assert.AreEqual(8, config.RootElement.GetProperty("micro_batch_size").GetInt32());
        Assert.IsFalse(config.RootElement.GetProperty("train_on_inputs").GetBoolean());
        string[] question = ["ask", "person 1", "lives in", "Italy city 1", "--max_new_tokens", "0", "--json", "--model"];
        Assert.AreEqual(
            Probability(GmtRun.Of([.. question, folder["facts.zip"]])),
            Probability(GmtRun.Of([.. question, folder["gmt"], "--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"]])));

        GmtRun contrary = GmtRun.Of([.. arguments, "--graph_dim", "32"]);
        Assert.AreEqual(2, contrary.ExitCode);
        StringAssert.Contains(contrary.Error, "--graph_dim is 32, but");
        GmtRun masked = GmtRun.Of([.. arguments, "--examples", "negatives", "--num_epochs", "1"]).Succeeded();
        Assert.IsFalse(masked.Error.Contains("another mask", StringComparison.Ordinal), masked.Error);
        GmtRun unmasked = GmtRun.Of([.. arguments, "--no_mask_query", "--num_epochs", "1"]).Succeeded();
        StringAssert.Contains(unmasked.Error, "was trained with another mask");

        // Data that cannot be trained on are the user's to mend, not a fault of the program.
        File.WriteAllText(folder["rows.json"], "[]");
        GmtRun empty = GmtRun.Of([.. arguments, "--data_path", folder["rows.json"]]);
        Assert.AreEqual(1, empty.ExitCode);
        StringAssert.Contains(empty.Error, "There is nothing to train on");
        Assert.IsFalse(empty.Error.Contains("fault of gmt", StringComparison.Ordinal), empty.Error);
        string file = folder["rows.json"];
        GmtRun onFile = GmtRun.Of("pretrain", "--kg_dir", folder["graph"], "--output_dir", file);
        Assert.AreEqual(1, onFile.ExitCode);
        StringAssert.Contains(onFile.Error, $"--output_dir '{file}' cannot be made: it is a file; name a folder");
    }

    [TestMethod]
    public void Inference_takes_the_shape_from_the_folder_and_gives_both_kinds_of_figures()
    {
        using var folder = new TemporaryFolder();
        JsonElement report = GmtRun.Json(Inference(PlainLabels(folder)));
        int rows = report.GetProperty("rows").GetInt32();
        Assert.AreEqual(rows, report.GetProperty("answers").GetArrayLength());
        JsonElement[] answers = [.. report.GetProperty("answers").EnumerateArray()];
        double right = answers.Count(answer => answer.GetProperty("verdict").GetBoolean() == answer.GetProperty("label").GetBoolean());
        Assert.AreEqual(right / rows, report.GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.IsTrue(
            answers.All(answer => answer.GetProperty("verdict").GetBoolean() == answer.GetProperty("probability").GetDouble() > 0.5));

        // The script's figures are those that its command prints.
        GmtRun compatible = GmtRun.Of([.. EndToEnd.Command(EndToEnd.Read("expected/classification.json").GetProperty("command")), "--max_new_tokens", "16"]).Succeeded();
        Assert.AreEqual(compatible.Output.TrimEnd('\n').Split('\n')[^1], report.GetProperty("as_the_script_has_it").GetString());
    }

    [TestMethod]
    public void Candidates_are_ranked_by_likelihood_and_unparsable_answers_are_misses()
    {
        JsonElement report = GmtRun.Json(Inference("links.jsonl"));
        JsonElement[] answers = [.. report.GetProperty("answers").EnumerateArray()];
        int?[] ranks =
        [
            .. answers.Select(answer => answer.GetProperty("rank_of_the_answer"))
                .Select(rank => rank.ValueKind == JsonValueKind.Null ? (int?)null : rank.GetInt32()),
        ];
        Assert.AreEqual(ranks.Average(rank => rank is int place ? 1.0 / place : 0), report.GetProperty("mrr").GetDouble(), 1e-9);
        foreach (int k in new[] { 1, 3, 10 })
        {
            Assert.AreEqual(
                ranks.Count(rank => rank <= k) / (double)ranks.Length, report.GetProperty($"hits@{k}").GetDouble(), 1e-9, $"hits@{k}");
        }

        // What the rows themselves say: those without candidates are the misses, and the likeliest is an answer where the rank says so.
        JsonElement[] rows =
        [
            .. File.ReadLines(Path.Combine(EndToEnd.Folder, "links.jsonl")).Where(line => line.Length > 0)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.HasCount(rows.Length, answers);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual(
                rows[i].GetProperty("input").GetString()!.Contains('{', StringComparison.Ordinal), ranks[i] is not null, $"row {i + 1}");
            string? likeliest = answers[i].GetProperty("likeliest").GetString();
            Assert.AreEqual(likeliest is not null && InstructionRow.Golds(rows[i]).Contains(likeliest), ranks[i] == 1, $"row {i + 1}");
        }

        Assert.IsTrue(ranks.Contains(null) && ranks.Contains(1) && ranks.Any(rank => rank > 1), "All three kinds occur.");
        GmtRun compatible = GmtRun.Of(
            [.. EndToEnd.Command(EndToEnd.Read("expected/link-prediction.json").GetProperty("command")), "--max_new_tokens", "16"]);
        Assert.AreEqual(
            compatible.Succeeded().Output.TrimEnd('\n').Split('\n')[^1], report.GetProperty("as_the_script_has_it").GetString());
    }

    [TestMethod]
    public void Two_processes_infer_to_the_letter_as_one_does()
    {
        using var folder = new TemporaryFolder();
        foreach (string data in new[] { PlainLabels(folder), "links.jsonl" })
        {
            GmtRun Infer(int processes) => GmtRun.Finish(GmtRun.Start(
            [
                "launch", "--processes", $"{processes}", "--log_dir", folder["logs"], "--", .. Inference(data), "--json",
            ])).Succeeded();
            GmtRun alone = Infer(1), together = Infer(2);
            StringAssert.Contains(alone.Output, "\"rows\"");
            Assert.AreEqual(alone.Output, together.Output);
            string[] logs = [together.Error, File.ReadAllText(Path.Combine(folder["logs"], "rank-1.log"))];
            Assert.AreEqual(
                JsonDocument.Parse(alone.Output).RootElement.GetProperty("rows").GetInt32(),
                logs.Sum(log => int.Parse(Regex.Match(log, @"rank \d of 2: (\d+) rows").Groups[1].Value, CultureInfo.InvariantCulture)));
        }
    }

    [TestMethod]
    public void A_flag_that_contradicts_the_folder_is_named_with_both_values()
    {
        int width = EndToEnd.Read("gmt/gmt_config.json").GetProperty("graph_dim").GetInt32();
        GmtRun run = GmtRun.Of([.. Inference("classification.json"), "--graph_dim", $"{width + 1}"]);
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, $"--graph_dim is {width + 1}, but");
        StringAssert.Contains(run.Error, $"says {width}");
        GmtRun.Of([.. Inference("classification.json"), "--graph_dim", $"{width}", "--max_eval", "1"]).Succeeded();
    }

    [TestMethod]
    public void With_compat_the_short_names_do_what_the_scripts_do()
    {
        string[] command = EndToEnd.Command(EndToEnd.Read("expected/classification.json").GetProperty("command"));
        Assert.AreEqual(
            GmtRun.Of(command).Succeeded().Output,
            GmtRun.Of(["inference", "--compat", .. command[1..], "--task", "classification"]).Succeeded().Output);
    }

    [TestMethod]
    [DataRow("finetune --compat --base_model a --output_dir b --kg_dir c", "--data_path is required")]
    [DataRow("inference --compat --gmt_dir GMT --data_path b --kg_dir c", "--base_model is required")]
    public void With_compat_the_short_names_need_what_the_scripts_need(string line, string inMessage)
    {
        GmtRun run = GmtRun.Of(line.Replace("GMT", Path.Combine(EndToEnd.Folder, "gmt"), StringComparison.Ordinal).Split(' '));
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, inMessage);
        Assert.AreEqual("", run.Output);
    }

    [TestMethod]
    public void A_tokenizer_of_another_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        string model = MismatchedModel.Write(folder["model"]);
        string graph = SmallGraph.Write(folder["graph"]);
        GmtRun finetune = GmtRun.Of("finetune", "--base_model", model, "--kg_dir", graph, "--output_dir", folder["gmt"]);
        GmtRun inference = GmtRun.Of([.. Inference(PlainLabels(folder)), "--base_model", model]);
        Assert.AreEqual((1, 1), (finetune.ExitCode, inference.ExitCode));
        StringAssert.Contains(finetune.Error, MismatchedModel.Message);
        StringAssert.Contains(inference.Error, MismatchedModel.Message);
    }

    /// <summary>The recorded statements, with labels of their own words ("the answer is true.") as the script reads them.</summary>
    private static string PlainLabels(TemporaryFolder folder)
    {
        JsonArray rows = JsonNode.Parse(File.ReadAllText(Path.Combine(EndToEnd.Folder, "classification.json")))!.AsArray();
        foreach (JsonNode? row in rows)
        {
            row!["output"] = InstructionRow.SaysTrue($"{row["output"]}") ? "True" : "False";
        }

        return folder.Write("labels.json", rows.ToJsonString());
    }

    private static string[] Inference(string data) =>
    [
        "inference", "--base_model", Path.Combine(EndToEnd.Folder, "base"), "--gmt_dir", Path.Combine(EndToEnd.Folder, "gmt"),
        "--data_path", Path.Combine(EndToEnd.Folder, data),
        "--kg_dir",
        EndToEnd.Arguments(EndToEnd.Read("gmt/gmt_config.json")) is var arguments ? arguments[arguments.IndexOf("--kg_dir") + 1] : "",
    ];

    private static double Probability(GmtRun run) =>
        JsonDocument.Parse(run.Succeeded().Output).RootElement.GetProperty("probability").GetDouble();
}
