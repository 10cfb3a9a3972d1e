using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class PretrainCommandTests
{
    [TestMethod]
    public void Prints_and_writes_what_the_Python_script_does()
    {
        using var scope = NewDisposeScope();
        string golden = EndToEnd.Folder;
        using var folder = new TemporaryFolder();
        GmtRun run = GmtRun.Of(["pretrain_gmt", .. EndToEnd.Arguments(EndToEnd.Read("sgm/sgm_config.json"), ("output_dir", folder.Path))]).Succeeded();

        // Losses are as near as other random streams allow.
        string[] expected = Lines(EndToEnd.Settings.GetProperty("pretrain").GetProperty("printed").GetString()!);
        string[] printed = Lines(run.Output);
        Assert.HasCount(expected.Length, printed);
        for (int i = 0; i < expected.Length; i++)
        {
            StringAssert.StartsWith(printed[i], $"Epoch {i + 1} loss ");
            Assert.AreEqual(Loss(expected[i]), Loss(printed[i]), 0.02);
            Assert.AreEqual(expected[i].Length, printed[i].Length);
        }

        string config = EndToEnd.Relative(File.ReadAllText(folder["sgm_config.json"]).Replace(folder.Path, "end-to-end/sgm", StringComparison.Ordinal));
        Assert.AreEqual(File.ReadAllText(Path.Combine(golden, "sgm", "sgm_config.json")), config);
        CollectionAssert.AreEquivalent(new[] { "sgm_state.pth", "sgm_config.json" }, Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ToArray());

        IReadOnlyDictionary<string, Tensor> theirs = TorchFile.LoadStateDict(Path.Combine(golden, "sgm", "sgm_state.pth"), "sgm");
        IReadOnlyDictionary<string, Tensor> ours = TorchFile.LoadStateDict(folder["sgm_state.pth"], "sgm");
        CollectionAssert.AreEqual(theirs.Keys.ToArray(), ours.Keys.ToArray());
        Assert.IsTrue(theirs.All(pair => pair.Value.shape.SequenceEqual(ours[pair.Key].shape)));
        Near.Absolute(theirs["rel_semantic.weight"], ours["rel_semantic.weight"], 0, "random relation vectors come from the same generator");
    }

    [TestMethod]
    public void Relation_vectors_come_from_an_embedding_whose_widths_are_printed()
    {
        string graph = Goldens.Root("reference/graphs/crafted"), kge = Goldens.Root("reference/checkpoints/kge");
        using var folder = new TemporaryFolder();
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Goldens.Root("reference/checkpoints/settings.json")));
        using var scope = NewDisposeScope();
        string checkpoint = Path.Combine(kge, "complex.pth");
        Tensor relations = Microsoft.ML.Gmt.Kge.OpenKeCheckpoint.Load(checkpoint).Relations;
        string ours = WithRelations(graph, folder, (int)relations.size(0));
        GmtRun run = GmtRun.Of("pretrain_gmt", "--kg_dir", ours, "--output_dir", folder["out"], "--kge_model", checkpoint, "--graph_dim", "16", "--epochs", "1").Succeeded();
        Assert.AreEqual($"{relations.size(1)} {relations.size(1)}\nEpoch 1 loss 0.0000\n", run.Output, "45 triples make no batch of 128");
        Near.Absolute(relations, TorchFile.LoadStateDict(Path.Combine(folder["out"], "sgm_state.pth"), "sgm")["rel_semantic.weight"], 0, "relation vectors");
    }

    [TestMethod]
    public void A_path_that_leads_nowhere_is_passed_over_compatibly_and_an_error_else()
    {
        string graph = Goldens.Root("reference/graphs/crafted");
        using var folder = new TemporaryFolder();
        string[] arguments = ["--kg_dir", graph, "--output_dir", folder["out"], "--rel_semantic_path", "/no/such/file.pt", "--graph_dim", "16", "--epochs", "0"];
        GmtRun strict = GmtRun.Of(["pretrain", .. arguments]);
        Assert.AreEqual(1, strict.ExitCode);
        StringAssert.Contains(strict.Error, "/no/such/file.pt");
        StringAssert.Contains(GmtRun.Of(["pretrain_gmt", .. arguments]).Succeeded().Error, "warning: there is no /no/such/file.pt");
        StringAssert.Contains(GmtRun.Of(["pretrain", "--compat", .. arguments]).Succeeded().Error, "warning: there is no /no/such/file.pt");
    }

    [TestMethod]
    public void Strictly_it_validates_and_keeps_the_best_epoch()
    {
        string graph = Goldens.DataSet("umls");
        using var folder = new TemporaryFolder();
        GmtRun run = GmtRun.Of(
            "pretrain", "--kg_dir", graph, "--output_dir", folder.Path, "--graph_dim", "16", "--rel_semantic_dim", "16", "--epochs", "2", "--num_neg", "4",
            "--batch_size", "512", "--lr", "0.01").Succeeded();
        string[] lines = Lines(run.Output);
        Assert.HasCount(3, lines);
        StringAssert.Matches(lines[0], new(@"^Epoch 1 loss \d\.\d{4} valid MRR 0\.\d{4}$"));
        StringAssert.Matches(lines[2], new(@"^best epoch [12] with filtered MRR 0\.\d{4}$"));
    }

    /// <summary>A graph with the crafted one's files and another number of relations.</summary>
    private static string WithRelations(string graph, TemporaryFolder folder, int relations)
    {
        string copy = Directory.CreateDirectory(folder["graph"]).FullName;
        foreach (string file in Directory.GetFiles(graph))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        File.WriteAllLines(
            Path.Combine(copy, "relation2id.txt"),
            [relations.ToString(CultureInfo.InvariantCulture), .. Enumerable.Range(0, relations).Select(id => string.Create(CultureInfo.InvariantCulture, $"r{id}\t{id}"))]);
        return copy;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static double Loss(string line) => double.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture);
}
