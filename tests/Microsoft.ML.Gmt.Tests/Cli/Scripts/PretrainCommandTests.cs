using System.Globalization;
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
        GmtRun run = GmtRun.Of(
            ["pretrain_gmt", .. EndToEnd.Arguments(EndToEnd.Read("sgm/sgm_config.json"), ("output_dir", folder.Path))]).Succeeded();

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

        string config = EndToEnd.Relative(
            File.ReadAllText(folder["sgm_config.json"]).Replace(folder.Path, "end-to-end/sgm", StringComparison.Ordinal));
        Assert.AreEqual(File.ReadAllText(Path.Combine(golden, "sgm", "sgm_config.json")), config);
        CollectionAssert.AreEquivalent(
            new[] { "sgm_state.pth", "sgm_config.json" }, Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ToArray());

        IReadOnlyDictionary<string, Tensor> theirs = TorchFile.LoadStateDict(Path.Combine(golden, "sgm", "sgm_state.pth"), "sgm");
        IReadOnlyDictionary<string, Tensor> ours = TorchFile.LoadStateDict(folder["sgm_state.pth"], "sgm");
        CollectionAssert.AreEqual(theirs.Keys.ToArray(), ours.Keys.ToArray());
        Assert.IsTrue(theirs.All(pair => pair.Value.shape.SequenceEqual(ours[pair.Key].shape)));
        Near.Absolute(
            theirs["rel_semantic.weight"], ours["rel_semantic.weight"], 0, "random relation vectors come from the same generator");
    }

    [TestMethod]
    public void Relation_vectors_come_from_an_embedding_whose_widths_are_printed()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string checkpoint = folder["complex.pth"], graph = SmallGraph.Write(folder["graph"], relations: 3);
        TorchFileWriter.WriteStateDict(
            checkpoint, new[] { "ent_re_", "ent_im_", "rel_re_", "rel_im_" }.Select(
                (name, i) => KeyValuePair.Create($"{name}embeddings.weight", rand(i < 2 ? SmallGraph.Entities : 3, 5))));
        string[] arguments =
            ["--kg_dir", graph, "--output_dir", folder["out"], "--kge_model", checkpoint, "--graph_dim", "16", "--epochs", "1"];
        GmtRun run = GmtRun.Of(["pretrain_gmt", .. arguments]).Succeeded();
        Assert.AreEqual("10 10\nEpoch 1 loss 0.0000\n", run.Output, "fewer triples than a batch make no step");
        Tensor relations = Microsoft.ML.Gmt.Kge.OpenKeCheckpoint.Load(checkpoint).Relations;
        Near.Absolute(
            relations, TorchFile.LoadStateDict(Path.Combine(folder["out"], "sgm_state.pth"), "sgm")["rel_semantic.weight"], 0,
            "relation vectors");

        // Another graph's embedding is refused.
        SmallGraph.Write(folder["other"], relations: 4);
        StringAssert.Contains(
            GmtRun.Of(["pretrain_gmt", .. arguments, "--kg_dir", folder["other"]]).Error, "has 3 relations, the graph has 4");
    }

    [TestMethod]
    public void A_path_that_leads_nowhere_is_passed_over_compatibly_and_an_error_else()
    {
        using var folder = new TemporaryFolder();
        string graph = SmallGraph.Write(folder["graph"]);
        string[] arguments = ["--kg_dir", graph, "--output_dir", folder["out"], "--rel_semantic_path", "/no/such/file.pt", "--graph_dim", "16", "--epochs", "1"];
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
            "pretrain", "--kg_dir", graph, "--output_dir", folder.Path, "--graph_dim", "16", "--rel_semantic_dim", "16", "--epochs", "2",
            "--num_neg", "4",
            "--batch_size", "512", "--lr", "0.01").Succeeded();
        string[] lines = Lines(run.Output);
        Assert.HasCount(3, lines);
        StringAssert.Matches(lines[0], new(@"^Epoch 1 loss \d\.\d{4} valid MRR 0\.\d{4}$"));
        StringAssert.Matches(lines[2], new(@"^best epoch [12] with valid MRR 0\.\d{4}$"));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static double Loss(string line) => double.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture);
}
