using System.Diagnostics;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>
/// On a disk that is full nothing half-written stands under its own name, nothing stays behind, and with room the same command ends with
/// the same files. The disks are file systems in memory that only the process sees; without the right to mount one the tests are skipped.
/// </summary>
[TestClass]
public sealed class FullDiskTests
{
    private static readonly int[] Kilobytes = [4, 24, 64, 160, 400];

    [TestMethod]
    public void A_training_run_that_meets_a_full_disk_goes_on_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        SmallGraph.Write(folder["graph"]);
        Meets(
            folder, Kilobytes,
            "pretrain", "--kg_dir", folder["graph"], "--output_dir", Path.Combine(folder["disk"], "out"), "--graph_dim", "32",
            "--rel_semantic_dim", "16", "--epochs", "3", "--batch_size", "16", "--num_neg", "4", "--checkpoint_seconds", "0", "--resume");
    }

    [TestMethod]
    public void An_archive_that_meets_a_full_disk_is_written_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        Meets(
            folder, [64, 2000],
            "finetune", "--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"], "--output_dir", folder["out"],
            "--archive", Path.Combine(folder["disk"], "facts.zip"), "--graph_dim", "8", "--rel_semantic_dim", "8", "--sgm_layers", "1",
            "--sgm_heads", "2", "--num_memory_tokens", "2", "--memory_heads", "2", "--memory_layers", "4", "--lora_r", "2",
            "--batch_size", "12", "--num_epochs", "1", "--resume");
    }

    [TestMethod]
    public void A_conversion_that_meets_a_full_disk_is_done_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        using (SgmTransformer model = Pipelines.Fit())
        {
            new MLContext().Model.SaveSgmCheckpoint(model, folder["sgm"]);
        }

        Meets(folder, [4], "convert", Path.Combine(folder["sgm"], "sgm_state.pth"), Path.Combine(folder["disk"], "sgm.safetensors"));
    }

    /// <summary>
    /// Runs a command on disks of several sizes, lists what is there, gives the disk room and runs it again: it must fail in words or
    /// succeed, leave no temporary file, and end with the files that it writes where there is room from the beginning.
    /// </summary>
    private static void Meets(TemporaryFolder folder, int[] kilobytes, params string[] command)
    {
        Directory.CreateDirectory(folder["disk"]);
        string expected = OnDisk(folder, 64_000, command).Second;
        bool isFull = false;
        foreach (int size in kilobytes)
        {
            DeleteOutput(folder);
            (int code, string error, string first, string second) = OnDisk(folder, size, command);
            isFull |= code != 0;
            Assert.IsTrue(code is 0 or 1, $"{size} kB: {code} {error}");
            Assert.DoesNotContain("fault of gmt", error, $"{size} kB");
            foreach (string line in first.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string name = line.Split(' ')[^1];
                bool isRemains = name.EndsWith(".tmp", StringComparison.Ordinal) || name.EndsWith(".lock", StringComparison.Ordinal);
                Assert.IsFalse(isRemains, $"{size} kB: {name}");
                Assert.IsTrue(
                    expected.Contains(line, StringComparison.Ordinal) || name.EndsWith("training.safetensors", StringComparison.Ordinal)
                        || name.EndsWith(".zip", StringComparison.Ordinal),
                    $"{size} kB: {name} is not what a whole run writes");
            }

            Assert.AreEqual(Comparable(expected), Comparable(second), $"{size} kB");
        }

        Assert.IsTrue(isFull, "no disk was small enough");
        DeleteOutput(folder);
    }

    private static void DeleteOutput(TemporaryFolder folder)
    {
        if (Directory.Exists(folder["out"]))
        {
            Directory.Delete(folder["out"], recursive: true);
        }
    }

    /// <summary>The zip format holds times, and the history speeds: of an archive its presence alone is compared.</summary>
    private static string Comparable(string listing) => string.Join('\n', listing.Split('\n').Select(line =>
        line.EndsWith(".zip", StringComparison.Ordinal) ? line.Split(' ')[^1] : line));

    private static (int Code, string Error, string First, string Second) OnDisk(TemporaryFolder folder, int kilobytes, string[] command)
    {
        const string Script = """
            disk=$1; size=$2; shift 2
            mount -t tmpfs -o size=${size}k tmpfs "$disk" || exit 77
            list() { (cd "$disk" && find . -type f -exec sha256sum {} + | sort -k 2); }
            "$@" > "$disk.output" 2> "$disk.error"; code=$?
            list > "$disk.first"
            mount -o remount,size=64m "$disk" || exit 77
            "$@" > "$disk.output" 2> "$disk.again" || exit 78
            list > "$disk.second"
            exit $code
            """;
        string[] script = ["-m", "sh", "-c", Script, "sh", folder["disk"], $"{kilobytes}", "dotnet", GmtRun.Program, .. command];
        ProcessStartInfo start = new("unshare", script)
        {
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = "1" },
        };
        using Process process = Start(start);
        string messages = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 77 || (process.ExitCode != 0 && !File.Exists(folder["disk.error"])))
        {
            Assert.Inconclusive($"No file system of a small size can be mounted here: {messages}");
        }

        string Read(string name) => File.Exists(folder[name]) ? File.ReadAllText(folder[name]) : "";
        Assert.AreNotEqual(78, process.ExitCode, $"{kilobytes} kB, with room: {Read("disk.again")}");
        return (process.ExitCode, Read("disk.error"), Read("disk.first"), Read("disk.second"));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new AssertInconclusiveException($"unshare(1) is not there: {e.Message}");
        }
    }
}
