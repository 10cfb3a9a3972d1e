using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>What <c>gmt info</c> says of archives.</summary>
[TestClass]
public sealed class ArchiveInspectorTests
{
    [TestMethod]
    public void An_archive_is_its_entries()
    {
        using var folder = new TemporaryFolder();
        using (ZipArchive zip = ZipFile.Open(folder["model.zip"], ZipArchiveMode.Create))
        {
            using StreamWriter writer = new(zip.CreateEntry("TrainingInfo/Version.txt").Open());
            writer.Write("5.0.1");
        }

        JsonElement info = GmtRun.Json("info", folder["model.zip"]);
        StringAssert.Contains(info.GetProperty("title").GetString(), "ML.NET model");
        Assert.AreEqual(5, info.GetProperty("entries_by_name")[0].GetProperty("size").GetInt64());
    }

    [TestMethod]
    public void A_model_of_ML_NET_is_its_configuration_weights_and_graph_too()
    {
        using var folder = new TemporaryFolder();
        string model = QuestionModels.First(folder);
        JsonElement[] reports = [.. GmtRun.Json("info", model).EnumerateArray()];
        Assert.HasCount(4, reports);
        Assert.IsTrue(
            reports.All(report => report.GetProperty("title").GetString()!.StartsWith(model, StringComparison.Ordinal)),
            "not where it was unpacked to");
        Assert.AreEqual(Pipelines.Options.GraphModule.GraphDimension, reports[1].GetProperty("graphmodule_graphdimension").GetInt32());
        Assert.IsPositive(reports[2].GetProperty("tensors_by_name").GetArrayLength());
        Assert.IsPositive(reports[2].GetProperty("size_in_memory").GetInt64());
        Assert.AreEqual(Pipelines.Graph.Entities.Count, reports[3].GetProperty("entities").GetInt32());
    }

    [TestMethod]
    public void Sizes_that_cannot_be_are_a_failure_that_names_the_entry()
    {
        using var folder = new TemporaryFolder();
        using (ZipArchive zip = ZipFile.Open(
            folder["model.zip"], ZipArchiveMode.Create))
        {
            foreach (string name in (string[])["first.txt", "second.txt"])
            {
                using StreamWriter writer = new(zip.CreateEntry(name).Open());
                writer.Write("some text that is packed");
            }
        }

        // The size unpacked stands 24 bytes behind the mark of an entry in the directory.
        byte[] bytes = File.ReadAllBytes(folder["model.zip"]);
        int directory = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(directory + 24), 0x7FFFFFFF);
        folder.Write("model.zip", bytes);
        string failure = GmtRun.Failed("info", folder["model.zip"]);
        StringAssert.Contains(failure, "second.txt: it claims 2147483647 bytes");
        StringAssert.Contains(failure, "that cannot be");
    }

    [TestMethod]
    public void Of_an_archive_no_more_is_unpacked_than_is_looked_at()
    {
        using var folder = new TemporaryFolder();
        const int Data = 40 << 20; // zeros, that pack to a thousandth
        string header = $$$"""{"a": {"dtype": "F32", "shape": [{{{Data / 4}}}], "data_offsets": [0, {{{Data}}}]}}""";
        using (ZipArchive zip = ZipFile.Open(
            folder["model.zip"], ZipArchiveMode.Create))
        {
            zip.CreateEntry("TrainingInfo/Version.txt").Open().Dispose();
            using (Stream weights = zip.CreateEntry("T/weights.safetensors").Open())
            {
                weights.Write(BitConverter.GetBytes((long)header.Length));
                weights.Write(System.Text.Encoding.UTF8.GetBytes(header));
                weights.Write(new byte[Data]);
            }

            using Stream config = zip.CreateEntry("T/config.json").Open();
            config.Write(new byte[Data]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        StringAssert.Contains(GmtRun.Failed("info", folder["model.zip"]), "config.json: it would unpack");
        using (ZipArchive zip = ZipFile.Open(
            folder["model.zip"], ZipArchiveMode.Update))
        {
            zip.GetEntry("T/config.json")!.Delete();
        }

        JsonElement weightsReport = GmtRun.Json("info", folder["model.zip"])[1];
        Assert.AreEqual(Data, weightsReport.GetProperty("size_in_memory").GetInt64());
        Assert.IsLessThan(Data, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
