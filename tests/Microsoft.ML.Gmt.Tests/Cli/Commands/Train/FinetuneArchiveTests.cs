using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt finetune --archive</c> survives what happens to it, and can be repeated. <c>GMT_KILLS=200</c> kills as often.</summary>
[TestClass]
public sealed class FinetuneArchiveTests
{
    private static readonly string[] Results = ["graph_encoder.pth", "memory_attn.pth", "gmt_config.json"];

    [TestMethod]
    public void An_archive_that_could_not_be_written_is_written_by_resume_and_is_the_same()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        GmtRun.Of(Command(folder, "out", "--archive", folder["whole.zip"])).Succeeded();
        string[] expected = Entries(folder["whole.zip"]);
        Directory.Delete(folder["out"], recursive: true);

        folder.Write("file", "");
        GmtRun failed = GmtRun.Of(Command(folder, "out", "--archive", Path.Combine(folder["file"], "facts.zip")));
        Assert.AreEqual(1, failed.ExitCode, failed.Error);
        Assert.DoesNotContain("fault of gmt", failed.Error);
        GmtRun.Of(Command(folder, "out", "--archive", folder["facts.zip"], "--resume")).Succeeded();
        CollectionAssert.AreEqual(expected, Entries(folder["facts.zip"]));
        CollectionAssert.AreEquivalent(Results, Names(folder["out"]));
    }

    [TestMethod]
    public void A_training_that_is_finished_gives_its_archive_when_it_is_asked_for_later()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        GmtRun.Of(Command(folder, "out")).Succeeded();
        GmtRun later = GmtRun.Of(Command(folder, "out", "--archive", folder["facts.zip"], "--resume")).Succeeded();
        StringAssert.Contains(later.Error, "is finished");
        StringAssert.Contains(later.Error, $"the model is in {folder["facts.zip"]}");
        string[] question = ["ask", "person 1", "lives in", "Italy city 1", "--max_new_tokens", "0", "--json", "--model"];
        string[] parts = ["--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"]];
        Assert.AreEqual(
            GmtRun.Of([.. question, folder["out"], .. parts]).Succeeded().Output,
            GmtRun.Of([.. question, folder["facts.zip"]]).Succeeded().Output);
    }

    [TestMethod]
    [DataRow("pretrain")]
    [DataRow("finetune")]
    [DataRow("pretrain_gmt")]
    public void A_second_run_into_the_same_folder_is_locked_out(string command)
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        string[] line = command == "finetune" ? Command(folder, "out")
            :
            [
                command, "--kg_dir", folder["graph"], "--output_dir", folder["out"], "--graph_dim", "8", "--rel_semantic_dim", "8",
                "--epochs", "1",
            ];
        using (FileLock.TryTake(Path.Combine(folder["out"], "gmt.lock")))
        {
            GmtRun run = GmtRun.Of(line);
            Assert.AreEqual(1, run.ExitCode, run.Error);
            StringAssert.Contains(run.Error, $"another run is writing into {folder["out"]}");
            Assert.IsFalse(File.Exists(Path.Combine(folder["out"], "sgm_state.pth")));
        }

        string result = command == "finetune" ? "memory_attn.pth" : "sgm_state.pth";
        string left = Path.Combine(folder["out"], $".{result}.{new string('a', 32)}.tmp");
        File.WriteAllText(left, "half");
        GmtRun.Of(line).Succeeded();
        Assert.IsFalse(File.Exists(left), "what a killed run left is swept");
        Assert.IsFalse(File.Exists(Path.Combine(folder["out"], "gmt.lock")));
    }

    [TestMethod]
    public void Killed_at_random_moments_it_loses_no_finished_file_and_ends_with_the_same_archive()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        string archive = folder["facts.zip"];
        string[] line = Command(folder, "out", "--archive", archive, "--resume", "--checkpoint_seconds", "0");
        (_, TimeSpan took) = RandomKills.Undisturbed(GmtRun.Start(line));
        string[] expected = Entries(archive);
        Dictionary<string, byte[]> results = Results.ToDictionary(
            name => name, name => File.ReadAllBytes(Path.Combine(folder["out"], name)));
        Clear();
        new RandomKills(3).Run(() => RandomKills.AtFirstStep(GmtRun.Start(line)), took * 1.1, Finish, AssertWholeOrAbsent);
        Finish(GmtRun.Start(line));

        void Finish(Process process)
        {
            GmtRun.Finish(process).Succeeded();
            AssertWholeOrAbsent();
            CollectionAssert.AreEquivalent(Results, Names(folder["out"]));
            CollectionAssert.AreEquivalent(new[] { "graph", "out", "facts.zip" }, Names(folder.Path));
            Clear();
        }

        void Clear()
        {
            Directory.Delete(folder["out"], recursive: true);
            File.Delete(archive);
        }

        void AssertWholeOrAbsent()
        {
            foreach ((string name, byte[] bytes) in results.Where(pair => File.Exists(Path.Combine(folder["out"], pair.Key))))
            {
                CollectionAssert.AreEqual(bytes, File.ReadAllBytes(Path.Combine(folder["out"], name)), name);
            }

            if (File.Exists(archive))
            {
                CollectionAssert.AreEqual(expected, Entries(archive));
            }
        }
    }

    private static string[] Command(TemporaryFolder folder, string output, params string[] more) =>
    [
        "finetune", "--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"], "--output_dir", folder[output], "--graph_dim", "8",
        "--rel_semantic_dim", "8", "--sgm_layers", "1", "--sgm_heads", "2", "--num_memory_tokens", "2", "--memory_heads", "2",
        "--memory_layers", "4", "--lora_r", "2", "--batch_size", "12", "--num_epochs", "2", .. more,
    ];

    private static string[] Names(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path))];

    private static string[] Entries(string path)
    {
        // History has the speed of each step in it, the manifest its hash.
        using ZipArchive archive = ZipFile.OpenRead(path);
        return [.. archive.Entries.Where(entry => IsEqualEachTime(entry.FullName)).Select(entry => $"{entry.FullName} {entry.Crc32}")];
    }

    private static bool IsEqualEachTime(string entry) => !entry.EndsWith("history.csv", StringComparison.Ordinal)
        && !entry.EndsWith("manifest.txt", StringComparison.Ordinal);
}
