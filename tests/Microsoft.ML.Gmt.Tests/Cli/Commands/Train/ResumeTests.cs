using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>
/// Trainings that are interrupted or killed end, resumed, with the bytes of one that never stopped. <c>GMT_KILLS=200</c> kills as often.
/// </summary>
[TestClass]
public sealed class ResumeTests
{
    [TestMethod]
    public void Killed_at_random_moments_it_loses_no_finished_file_and_ends_with_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        SmallGraph.Write(folder["graph"]);
        (GmtRun whole, TimeSpan took) = RandomKills.Undisturbed(Train(folder, "whole"));
        byte[] expected = File.ReadAllBytes(Path.Combine(folder["whole"], "sgm_state.pth"));
        new RandomKills(10).Run(
            () => RandomKills.AtFirstStep(Train(folder, "parted", "--resume")), took * 0.4, Finish, AssertWholeOrAbsent);
        Finish(Train(folder, "parted", "--resume"));

        void Finish(Process process)
        {
            string output = GmtRun.Finish(process).Succeeded().Output;
            Assert.IsTrue(whole.Output.EndsWith(output, StringComparison.Ordinal), output);
            AssertWholeOrAbsent();
            CollectionAssert.AreEquivalent(
                new[] { "sgm_state.pth", "sgm_config.json" }, Directory.GetFiles(folder["parted"]).Select(Path.GetFileName).ToArray());
            Directory.Delete(folder["parted"], recursive: true);
        }

        void AssertWholeOrAbsent()
        {
            string state = Path.Combine(folder["parted"], "sgm_state.pth");
            if (File.Exists(state))
            {
                CollectionAssert.AreEqual(expected, File.ReadAllBytes(state));
            }
        }
    }

    [TestMethod]
    public void Interrupted_once_it_finishes_the_step_saves_and_says_how_to_resume()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Signals are sent by kill(1).");
        }

        const int Long = 200; // epochs, so that a signal that is late on a busy machine still comes before the end
        using var folder = new TemporaryFolder();
        SmallGraph.Write(folder["graph"]);
        byte[] expected = Result(GmtRun.Finish(Train(folder, "whole", Long)), folder["whole"]);
        Process process = RandomKills.AtFirstStep(Train(folder, "parted", Long));
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        GmtRun interrupted = GmtRun.Finish(process);
        Assert.AreEqual(1, interrupted.ExitCode, interrupted.Error);
        StringAssert.Contains(interrupted.Error, "--resume goes on from there");
        Assert.IsFalse(File.Exists(Path.Combine(folder["parted"], "sgm_state.pth")));
        Assert.IsTrue(File.Exists(Path.Combine(folder["parted"], "training.safetensors")));
        CollectionAssert.AreEqual(expected, Result(GmtRun.Finish(Train(folder, "parted", Long, "--resume")), folder["parted"]));
        StringAssert.Contains(GmtRun.Finish(Train(folder, "parted", Long, "--resume")).Succeeded().Error, "is finished");
    }

    [TestMethod]
    public void A_killed_finetuning_ends_with_the_same_bytes_and_lines_too()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        string Row(int id) => $$"""{"instruction": "Is it true?", "input": "( {{id}} )", "output": "{{id % 3 == 0}}", "embedding_ids": [{{id}}, 0, {{(id * 7) % 60}}]}""";
        folder.With("rows.jsonl", string.Join('\n', Enumerable.Range(0, 30).Select(Row)));
        Process Start(string output, params string[] more) => GmtRun.Start(
        [
            "finetune_gmt", "--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"], "--data_path", folder["rows.jsonl"],
            "--output_dir", folder[output], "--graph_dim", "16", "--rel_semantic_dim", "16", "--num_memory_tokens", "4",
            "--memory_heads", "2", "--memory_layers", "3,4", "--lora_r", "2", "--batch_size", "4", "--micro_batch_size", "2",
            "--num_epochs", "3", "--val_set_size", "4", "--train_graph_module", "--checkpoint_seconds", "0", .. more,
        ]);

        GmtRun whole = GmtRun.Finish(Start("whole")).Succeeded();
        RandomKills.Kill(RandomKills.AtFirstStep(Start("parted")));
        Assert.IsFalse(File.Exists(Path.Combine(folder["parted"], "memory_attn.pth")));
        GmtRun resumed = GmtRun.Finish(Start("parted", "--resume")).Succeeded();
        foreach (string file in new[] { "graph_encoder.pth", "memory_attn.pth" })
        {
            CollectionAssert.AreEqual(
                File.ReadAllBytes(Path.Combine(folder["whole"], file)), File.ReadAllBytes(Path.Combine(folder["parted"], file)), file);
        }

        Assert.AreEqual(Logged(whole), Logged(resumed));
        GmtRun again = GmtRun.Finish(Start("parted", "--resume")).Succeeded();
        StringAssert.Contains(again.Error, "is finished");
        Assert.DoesNotContain("{'loss'", again.Output);
        static string Logged(GmtRun run) => run.Output[run.Output.IndexOf("{'loss'", StringComparison.Ordinal)..];
    }

    private static byte[] Result(GmtRun run, string folder)
    {
        run.Succeeded();
        return File.ReadAllBytes(Path.Combine(folder, "sgm_state.pth"));
    }

    private static Process Train(TemporaryFolder folder, string output, params string[] more) => Train(folder, output, 40, more);

    private static Process Train(TemporaryFolder folder, string output, int epochs, params string[] more) => GmtRun.Start(
    [
        "pretrain_gmt", "--kg_dir", folder["graph"], "--output_dir", folder[output], "--graph_dim", "32", "--rel_semantic_dim", "16",
        "--batch_size", "8", "--num_neg", "4", "--epochs", $"{epochs}", "--trainable_rel_semantics", "--checkpoint_seconds", "0", .. more,
    ]);
}
