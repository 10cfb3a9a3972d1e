using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt train-kge</c>, and what other commands do with its archive.</summary>
[TestClass]
public sealed class TrainKgeCommandTests
{
    private static readonly string[] Small = ["--dim", "12", "--epochs", "3", "--batch_size", "64"];

    [TestMethod]
    public void From_a_graph_to_an_archive_that_ranks_evaluates_and_answers()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        string[] arguments =
            ["train-kge", "--kg_dir", folder["graph"], "--output_dir", folder["kge"], .. Small, "--seed", "1", "--log", folder["kge.csv"]];
        GmtRun run = GmtRun.Of(arguments).Succeeded();
        string[] log = File.ReadAllLines(folder["kge.csv"]);
        Assert.AreEqual("step,epoch,stage,loss,learningRate,itemsPerSecond,metric,time", log[0]);
        Assert.AreEqual(3, log.Skip(1).Count(step => step.Split(',')[6].Length > 0), "a validation figure for each epoch");
        CollectionAssert.AreEqual(
            Enumerable.Range(1, log.Length - 1).Select(step => $"{step}").ToArray(),
            log.Skip(1).Select(step => step.Split(',')[0]).ToArray());
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        StringAssert.Matches(lines[0], new(@"^Epoch 1 loss \d+\.\d{4} valid MRR 0\.\d{4}$"));
        StringAssert.Matches(lines[^1], new(@"^best epoch [123] with valid MRR 0\.\d{4}$"));
        CollectionAssert.AreEquivalent(
            new[] { "kge.zip", "kge_config.json" }, Directory.GetFiles(folder["kge"]).Select(Path.GetFileName).ToArray());
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["kge"], "kge_config.json")));
        Assert.AreEqual("complex", config.RootElement.GetProperty("embedding").GetString());
        Assert.AreEqual("onevsall", config.RootElement.GetProperty("loss").GetString());
        Assert.AreEqual(0.1, config.RootElement.GetProperty("lr").GetDouble());

        string archive = Path.Combine(folder["kge"], "kge.zip");
        GmtRun links = GmtRun.Of("evaluate", "--model", archive, "--split", "test").Succeeded();
        StringAssert.Contains(links.Output, "link prediction of the ComplEx embedding on");
        StringAssert.Contains(links.Output, "accuracy with a threshold for each relation");
        GmtRun rank = GmtRun.Of("rank", "--model", archive, "--head", "person 1", "--relation", "speaks", "--typed", "--json").Succeeded();
        StringAssert.Contains(rank.Output, "language of");
        GmtRun ask = GmtRun.Of("ask", "person 1", "lives in", "Italy city 1", "--model", archive).Succeeded();
        StringAssert.Contains(ask.Output, "rank of the tail");
        GmtRun convert = GmtRun.Of("convert", archive, folder["scripts"]);
        StringAssert.Contains(convert.Error, "is an embedding, for which the scripts have no form");
        StringAssert.Contains(GmtRun.Of([.. arguments, "--resume"]).Succeeded().Error, "is finished; there is nothing to go on with");
    }

    [TestMethod]
    public void It_trains_as_the_estimator_does()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        GmtRun.Of(
        [
            "train-kge", "--kg_dir", folder["graph"], "--output_dir", folder["kge"], .. Small, "--embedding", "rotate", "--loss",
            "negativesampling", "--num_neg", "8", "--negatives", "typed", "--margin", "4", "--seed", "5",
        ]).Succeeded();
        var ml = new MLContext();
        using var trained = (KgeTransformer)ml.Model.Load(Path.Combine(folder["kge"], "kge.zip"), out _);
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(folder["graph"]);
        using KgeTransformer expected = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.RotatE, new KgeEstimator.Options
        {
            ValidateOnGraph = true,
            Training = new KgeTrainingOptions
            {
                EmbeddingDimension = 12,
                NumberOfEpochs = 3,
                BatchSize = 64,
                Loss = KgeLoss.NegativeSampling,
                NegativesPerPositive = 8,
                Negatives = NegativeSampling.Typed,
                Margin = 4,
                Seed = 5,
            },
        }).Fit(graph.ToDataView());
        CollectionAssert.AreEqual(expected.Model.EntityVectors([0, 1, 2]), trained.Model.EntityVectors([0, 1, 2]));
    }

    [TestMethod]
    public void One_file_is_split_and_a_folder_in_use_is_refused()
    {
        using var folder = new TemporaryFolder();
        string products = Path.Combine(Goldens.RepositoryRoot, "examples", "data", "products.csv");
        GmtRun.Of(["train-kge", "--kg_dir", products, "--output_dir", folder["kge"], .. Small]).Succeeded();
        GmtRun.Of("evaluate", "--model", Path.Combine(folder["kge"], "kge.zip")).Succeeded();
        File.WriteAllText(folder["file"], "");
        GmtRun onFile = GmtRun.Of(["train-kge", "--kg_dir", products, "--output_dir", folder["file"], .. Small]);
        Assert.AreEqual(1, onFile.ExitCode);
        StringAssert.Contains(onFile.Error, "cannot be made: it is a file");
        GmtRun smoothed = GmtRun.Of(
        [
            "train-kge", "--kg_dir", products, "--output_dir", folder["kge"], .. Small, "--embedding", "transe", "--label_smoothing", "0.1",
        ]);
        Assert.AreNotEqual(0, smoothed.ExitCode);
        StringAssert.Contains(smoothed.Error, "has no labels to smooth");
    }
}
