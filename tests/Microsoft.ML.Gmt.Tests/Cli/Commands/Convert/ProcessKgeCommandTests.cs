using System.Text.Json;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class ProcessKgeCommandTests
{
    [TestMethod]
    [DataRow("vectors.safetensors")]
    [DataRow("vectors.pt")]
    public void Prints_and_returns_what_the_Python_function_does(string output)
    {
        string root = Goldens.Root("reference/checkpoints");
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "settings.json")));
        foreach (JsonElement recorded in settings.RootElement.GetProperty("kge").EnumerateArray())
        {
            using var folder = new TemporaryFolder();
            string file = recorded.GetProperty("file").GetString()!;
            string printed = recorded.TryGetProperty("printed", out JsonElement text) ? text.GetString()! : "";
            GmtRun run = GmtRun.Of("process_kge", Path.Combine(root, file), "--output_path", folder[output]);
            Assert.AreEqual(printed, run.Output);
            Assert.AreEqual(printed.Length > 0 ? 0 : 1, run.ExitCode, run.Error);
            Assert.AreEqual(printed.Length > 0, File.Exists(folder[output]));
            if (printed.Length > 0)
            {
                AssertMatrices(Path.Combine(root, "kge-outputs.safetensors"), Path.GetFileName(file), folder[output]);
            }
        }
    }

    [TestMethod]
    public void The_short_name_knows_ComplEx_by_its_tensors()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        TorchFileWriter.WriteStateDict(
            folder["model.pth"], new[] { "ent_re_", "ent_im_", "rel_re_", "rel_im_" }.Select(
                name => KeyValuePair.Create($"{name}embeddings.weight", rand(4, 3))));
        Assert.AreEqual("6 6\n", GmtRun.Of("process-kge", folder["model.pth"]).Succeeded().Output);
        Assert.AreEqual(1, GmtRun.Of("process-kge", folder["model.pth"], "--compat").ExitCode);
    }

    [TestMethod]
    public void An_ending_that_says_no_format_is_wrong_usage() =>
        Assert.AreEqual(
            2, GmtRun.Of("process_kge", Goldens.Root("reference/checkpoints/kge/transe.ckpt"), "--output_path", "vectors.csv").ExitCode);

    private static void AssertMatrices(string goldenFile, string name, string actualFile)
    {
        using var scope = NewDisposeScope();
        using SafetensorsFile golden = SafetensorsFile.Open(goldenFile);
        using WeightStore actual = WeightStore.Open(actualFile);
        Near.Absolute(golden.Get($"{name}/entities"), actual.Get("ent_embeddings"), 0, "entities");
        Near.Absolute(golden.Get($"{name}/relations"), actual.Get("rel_embeddings"), 0, "relations");
    }
}
