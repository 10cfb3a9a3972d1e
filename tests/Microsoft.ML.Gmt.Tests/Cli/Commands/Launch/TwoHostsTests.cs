using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>
/// A run over two network namespaces with the rate and the delay of a network between them (<c>tests/network</c>), which need root,
/// iproute2 and python3.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class TwoHostsTests
{
    [TestMethod]
    public void Two_hosts_train_to_the_bits_of_two_processes_on_one()
    {
        if (GmtRun.Finish(Start("1gbit", "0.5", "managed", "true")) is { ExitCode: not 0 } none)
        {
            Assert.Inconclusive($"There can be no network namespaces here (root, iproute2 and python3 are needed): {none.Error}");
        }

        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        string[] command =
        [
            "train-kge", "--dim", "200", "--epochs", "2", "--batch_size", "64", "--kg_dir", folder["graph"], "--seed", "1", "--output_dir",
        ];
        GmtRun.Finish(GmtRun.Start(["launch", "--log_dir", folder["logs"], "--", .. command, folder["one"]])).Succeeded();
        (string, string)[] expected = Entries(folder["one"]);
        Assert.IsGreaterThan(1, expected.Length);

        // A sum of two numbers has the same bits in any order. Gloo where it can be used.
        foreach ((string rate, string delay, string engine) in new[] { ("1gbit", "0.5", "managed"), ("100mbit", "5", "auto") })
        {
            string[] apart = ["dotnet", GmtRun.Program, .. command, folder[rate]];
            StringAssert.Contains(GmtRun.Finish(Start(rate, delay, engine, apart)).Succeeded().Error, "rank 1 of 2: ");
            CollectionAssert.AreEqual(expected, Entries(folder[rate]));
        }
    }

    private static Process Start(string rate, string delay, string engine, params string[] command) => Process.Start(
        new ProcessStartInfo("bash", [Path.Combine(Goldens.RepositoryRoot, "tests", "network", "two-hosts.sh"), rate, delay, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = "1", ["GMT_COLLECTIVE"] = engine },
        })!;

    /// <summary>Name and content of what the saved model has, without the history, which holds speeds, and its hash.</summary>
    private static (string Name, string Content)[] Entries(string folder)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(folder, "kge.zip"));
        return [.. archive.Entries.Where(entry => entry.Name is not ("history.csv" or "manifest.txt")).Select(entry =>
        {
            using Stream stream = entry.Open();
            using MemoryStream content = new();
            stream.CopyTo(content);
            return (entry.FullName, Convert.ToHexString(content.ToArray()));
        })];
    }
}
