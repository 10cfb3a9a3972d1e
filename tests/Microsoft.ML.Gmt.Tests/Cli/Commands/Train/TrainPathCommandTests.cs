using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt train-path</c>, and what other commands do with its archive.</summary>
[TestClass]
public sealed class TrainPathCommandTests
{
    private static readonly string[] Small = ["--dim", "16", "--hidden_dim", "16", "--layers", "2", "--epochs", "2"];

    [TestMethod]
    public void From_a_graph_to_an_archive_that_ranks_evaluates_and_answers()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        string[] arguments = ["train-path", "--kg_dir", folder["graph"], "--output_dir", folder["paths"], .. Small, "--seed", "1"];
        GmtRun run = GmtRun.Of(arguments).Succeeded();
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        StringAssert.Matches(lines[0], new(@"^Epoch 1 loss \d+\.\d{4} valid MRR 0\.\d{4}$"));
        StringAssert.Matches(lines[^1], new(@"^best epoch [12] with valid MRR 0\.\d{4}$"));
        CollectionAssert.AreEquivalent(
            new[] { "paths.zip", "path_config.json" }, Directory.GetFiles(folder["paths"]).Select(Path.GetFileName).ToArray());
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["paths"], "path_config.json")));
        Assert.AreEqual(16, config.RootElement.GetProperty("dim").GetInt32());
        Assert.AreEqual(0.005, config.RootElement.GetProperty("lr").GetDouble());

        string archive = Path.Combine(folder["paths"], "paths.zip");
        GmtRun links = GmtRun.Of("evaluate", "--model", archive, "--split", "test").Succeeded();
        StringAssert.Contains(links.Output, "trained on this graph's training triples");
        GmtRun rank = GmtRun.Of("rank", "--model", archive, "--head", "person 1", "--relation", "speaks", "--typed", "--json").Succeeded();
        StringAssert.Contains(rank.Output, "language of");
        GmtRun ask = GmtRun.Of("ask", "person 1", "lives in", "Italy city 1", "--model", archive).Succeeded();
        StringAssert.Contains(ask.Output, "rank of the tail");
        StringAssert.Contains(GmtRun.Of([.. arguments, "--resume"]).Succeeded().Error, "is finished; there is nothing to go on with");
    }

    [TestMethod]
    public void It_trains_as_the_estimator_does_on_a_file_that_is_split()
    {
        using var folder = new TemporaryFolder();
        string products = Path.Combine(Goldens.RepositoryRoot, "examples", "data", "products.csv");
        GmtRun.Of(
        [
            "train-path", "--kg_dir", products, "--output_dir", folder["paths"], .. Small, "--batch_size", "16", "--lr", "0.01", "--seed",
            "5",
        ]).Succeeded();
        var ml = new MLContext();
        using var trained = (PathScoringTransformer)ml.Model.Load(Path.Combine(folder["paths"], "paths.zip"), out _);
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(products).Split();
        using PathScoringTransformer expected = ml.Transforms.TrainPathModel(graph, new PathTrainingEstimator.Options
        {
            Training = new PathTrainingOptions
            {
                StateDimension = 16,
                HiddenDimension = 16,
                NumberOfLayers = 2,
                NumberOfEpochs = 2,
                BatchSize = 16,
                LearningRate = .01,
                Seed = 5,
            },
        }).Fit(graph.ToDataView());
        float[] one = new float[graph.Entities.Count], other = new float[one.Length];
        Triple[] query = [graph.Triples(GraphSplit.Test)[0]];
        trained.Scorer.ScoreTails(query, QueryMask.Full, one);
        expected.Scorer.ScoreTails(query, QueryMask.Full, other);
        CollectionAssert.AreEqual(other, one);
        GmtRun wrong = GmtRun.Of(["train-path", "--kg_dir", products, "--output_dir", folder["paths"], "--dim", "20"]);
        Assert.AreNotEqual(0, wrong.ExitCode);
        StringAssert.Contains(wrong.Error, "must be a multiple of 16, such as 32");
    }
}
