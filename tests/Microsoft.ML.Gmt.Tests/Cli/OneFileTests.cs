using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Graph;
using static Microsoft.ML.Gmt.Tests.Cli.OneFile;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Every command on a catalogue of one's own: one CSV file, with a header, spaces, commas and quotation marks in names.</summary>
[TestClass]
public sealed class OneFileTests
{
    private static readonly TemporaryFolder s_folder = new();
    private static GmtRun? s_pretrain, s_finetune;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_folder.With("products.csv", Catalogue());
        s_pretrain = GmtRun.Of([
            "pretrain", "--kg_dir", s_folder["products.csv"], "--output_dir", s_folder["sgm"], .. Small, "--epochs", "2", "--num_neg", "4",
        ]);
        s_finetune = GmtRun.Of(
            "finetune", "--base_model", GmtPipelines.BaseModel, "--kg_dir", s_folder["products.csv"], "--sgm_ckpt",
            Path.Combine(s_folder["sgm"], "sgm_state.pth"), "--output_dir", s_folder["gmt"], "--archive", s_folder["facts.zip"],
            "--num_memory_tokens", "2", "--memory_heads", "2", "--memory_layers", "4", "--lora_r", "2", "--num_epochs", "1");
    }

    [ClassCleanup]
    public static void CleanUp() => s_folder.Dispose();

    [TestMethod]
    public void Training_splits_the_file_says_how_and_records_it()
    {
        StringAssert.Matches(s_pretrain!.Succeeded().Error, new(
            @"products\.csv was split: of 136 triples 108 are for training, 14 for validation, 14 for test \(--split_seed 42;"));
        StringAssert.Contains(s_pretrain.Output, "valid MRR");
        StringAssert.Contains(s_pretrain.Error, "Stage 1: a step encodes about");
        JsonElement config = Config("sgm", "sgm_config.json"), second = Config("gmt", "gmt_config.json");
        s_finetune!.Succeeded();
        foreach (JsonElement recorded in new[] { config, second })
        {
            Assert.AreEqual(0.1, recorded.GetProperty("validation_fraction").GetDouble());
            Assert.AreEqual(0.1, recorded.GetProperty("test_fraction").GetDouble());
            Assert.AreEqual(42, recorded.GetProperty("split_seed").GetInt32());
            StringAssert.StartsWith(recorded.GetProperty("training_triples").GetString(), "108 triples (");
        }
    }

    [TestMethod]
    public void The_library_splits_the_same_file_alike()
    {
        KnowledgeGraph graph = new MLContext().Data.LoadKnowledgeGraph(s_folder["products.csv"]).Split();
        using var ofArchive = (GmtTransformer)new MLContext().Model.Load(s_folder["facts.zip"], out _);
        Assert.AreEqual(Graphs.Describe(graph), Graphs.Describe(ofArchive.Graph));
        Assert.IsTrue(graph.Entities.Names.Contains("Valve 3, \"brass\""), string.Join('\n', graph.Entities.Names));
        Assert.IsFalse(graph.Relations.Names.Contains("relation"), "the header is no triple");
    }

    [TestMethod]
    public void All_forms_of_the_model_are_judged_alike_with_negatives_drawn()
    {
        JsonElement[] archive = Evaluate(s_folder["facts.zip"]), folder = Evaluate(s_folder["gmt"], "--base_model", GmtPipelines.BaseModel);
        Assert.AreEqual(28, archive[0].GetProperty("triples").GetInt32());
        string origin = "14 of them negatives drawn for judging (--negatives typed --seed 42)";
        StringAssert.Contains(archive[0].GetProperty("title").GetString(), origin);
        foreach (string figure in new[] { "accuracy", "area_under_the_roc_curve" })
        {
            Assert.AreEqual(archive[0].GetProperty(figure).GetDouble(), folder[0].GetProperty(figure).GetDouble(), 1e-6);
        }

        Assert.AreEqual(14 * 2, folder[1].GetProperty("ranks")[0].GetProperty("queries").GetInt32());

        // As the same call in code has it.
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(s_folder["facts.zip"], out _);
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(s_folder["products.csv"]).Split();
        IDataView rows = graph.ToDataView(GraphSplit.Test, negativesPerPositive: 1);
        double expected = ml.BinaryClassification.Evaluate(model.Transform(rows)).AreaUnderRocCurve;
        Assert.AreEqual(expected, archive[0].GetProperty("area_under_the_roc_curve").GetDouble(), 1e-6);

        JsonElement[] stage1 = Evaluate(s_folder["sgm"]);
        Assert.IsTrue(stage1[0].TryGetProperty("accuracy_with_a_threshold_for_each_relation", out _));
        JsonElement uniform = Evaluate(s_folder["sgm"], "--negatives", "uniform", "--seed", "7")[0];
        StringAssert.Contains(uniform.GetProperty("title").GetString(), "(--negatives uniform --seed 7)");
        Assert.HasCount(1, Evaluate(s_folder["sgm"], "--negatives", "labels"), "the data label none");
    }

    [TestMethod]
    public void Questions_are_answered_from_the_folder_too()
    {
        string[] model = ["--model", s_folder["gmt"], "--base_model", GmtPipelines.BaseModel];
        GmtRun ask = GmtRun.Of(["ask", "Valve 3, \"brass\"", "made of", "brass", "--max_new_tokens", "0", .. model]);
        StringAssert.Contains(ask.Succeeded().Output, "probability");
        GmtRun rank = GmtRun.Of("rank", "--head", "Valve 4", "--relation", "made of", "--typed", "--model", s_folder["sgm"]);
        StringAssert.Contains(rank.Succeeded().Output, "steel");
        s_folder.With("rows.jsonl", """{"instruction": "True?", "input": "Steel?", "output": "True", "embedding_ids": [0, 0, 1]}""");
        string[] inference =
        [
            "inference", "--gmt_dir", s_folder["gmt"], "--base_model", GmtPipelines.BaseModel, "--kg_dir", s_folder["products.csv"],
            "--data_path", s_folder["rows.jsonl"], "--max_new_tokens", "1",
        ];
        StringAssert.Contains(GmtRun.Of(inference).Succeeded().Output, "accuracy");
        StringAssert.Contains(GmtRun.Of("info", s_folder["sgm"]).Succeeded().Output, "sgm_state.pth");
        StringAssert.Contains(GmtRun.Of("graph", s_folder["products.csv"]).Succeeded().Output, "without faults");
    }

    [TestMethod]
    public void A_file_that_changed_since_training_is_refused()
    {
        s_folder.With("changed.csv", Catalogue() + "Valve 4,made of,gold\ngold,is a,metal\n");
        GmtRun run = GmtRun.Of("evaluate", "--model", s_folder["sgm"], "--kg_dir", s_folder["changed.csv"]);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "is not the one of the training run");
        StringAssert.Contains(run.Error, "the run had 108 triples");

        GmtRun contrary = GmtRun.Of("evaluate", "--model", s_folder["sgm"], "--test_fraction", "0.2");
        Assert.AreEqual(2, contrary.ExitCode);
        StringAssert.Contains(contrary.Error, "--test_fraction is 0.2, but");
    }

    [TestMethod]
    public void The_graph_of_a_model_is_converted_with_its_splits()
    {
        using var folder = new TemporaryFolder();
        KnowledgeGraph expected = KnowledgeGraphReader.Read(s_folder["products.csv"]).Split();
        foreach ((string target, string[] options) in new[] { ("g.gmtgraph", (string[])[]), ("one", ["--validation_fraction", "0.1"]) })
        {
            string source = options.Length > 0 ? s_folder["products.csv"] : s_folder["facts.zip"];
            GmtRun.Of(["convert", source, folder[target], .. options]).Succeeded();
            KnowledgeGraph read = KnowledgeGraphReader.Read(folder[target]);
            foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
            {
                CollectionAssert.AreEqual(Words(expected, split), Words(read, split));
            }
        }

        GmtRun several = GmtRun.Of("convert", s_folder["facts.zip"], folder["one.csv"]);
        Assert.AreEqual(2, several.ExitCode);
        StringAssert.Contains(several.Error, "--split");
        GmtRun.Of("convert", s_folder["facts.zip"], folder["one.csv"], "--split", "test").Succeeded();
        CollectionAssert.AreEqual(Words(expected, GraphSplit.Test), Words(KnowledgeGraphReader.Read(folder["one.csv"]), GraphSplit.Train));
        GmtRun full = GmtRun.Of("convert", s_folder["products.csv"], folder["one"]);
        Assert.AreEqual(1, full.ExitCode);
        StringAssert.Contains(full.Error, "is not empty");
    }

    private static JsonElement Config(string folder, string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(s_folder[folder], file))).RootElement;
}
