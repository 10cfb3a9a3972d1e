using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Paths;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt ask</c>, <c>rank</c> and <c>evaluate</c> with a path model, which scores a graph without any training.</summary>
[TestClass]
public sealed class PathModelFlagTests
{
    private static readonly string Products = Path.Combine(Goldens.RepositoryRoot, "examples", "data", "products.csv");

    private static TemporaryFolder s_folder = null!;
    private static string s_model = null!;

    [ClassInitialize]
    public static void Write(TestContext context)
    {
        s_folder = new TemporaryFolder();
        s_model = TinyPathModel.Write(s_folder["tiny.pth"]);
    }

    [ClassCleanup]
    public static void Remove() => s_folder.Dispose();

    [TestMethod]
    public void A_checkpoint_that_is_not_there_is_told_before_the_graph_is_read()
    {
        GmtRun run = GmtRun.Of("evaluate", "--path_model", s_folder["none.pth"], "--kg_dir", s_folder["no graph either"]);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "none.pth', which --path_model names: give a checkpoint");
        run = GmtRun.Of("train-path", "--start_from", s_folder["none.pth"], "--kg_dir", "nowhere", "--output_dir", s_folder["out"]);
        StringAssert.Contains(run.Error, "none.pth', which --start_from names: give a checkpoint");
        run = GmtRun.Of("train-path", "--start_from", s_model, "--dim", "16", "--kg_dir", Products, "--output_dir", s_folder["out"]);
        StringAssert.Contains(run.Error, "--dim has no use beside --start_from");
    }

    [TestMethod]
    public void A_fact_gets_both_logits_and_its_ranks()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.Read(Products);
        Triple triple = graph.Triples(GraphSplit.Train)[3];
        JsonElement answer = GmtRun.Json(
            "ask", graph.Entities[triple.Head], graph.Relations[triple.Relation], graph.Entities[triple.Tail], "--path_model", s_model,
            "--kg_dir", Products);
        using var scorer = new PathScorer(FoundationCheckpoint.Read(s_model), graph);
        float[] head = new float[1], tail = new float[1];
        scorer.ScoreSides([triple], QueryMask.Full, head, tail);
        TripleRanks ranks = EntityRanking.Rank(scorer, [triple], new KnownTriples(graph), QueryMask.Full)[0];
        Assert.AreEqual(tail[0], answer.GetProperty("score_of_the_tail").GetDouble(), 1e-6);
        Assert.AreEqual(head[0], answer.GetProperty("score_of_the_head").GetDouble(), 1e-6);
        Assert.AreEqual(ranks.Head.Realistic, answer.GetProperty("rank_of_the_head").GetDouble());
        Assert.IsTrue(answer.GetProperty("stated_in_the_graph").GetBoolean());
        Assert.IsGreaterThan(0, answer.GetProperty("paths_to_the_tail").GetArrayLength());
        StringAssert.Contains(answer.GetProperty("weights").GetString(), "not known");
    }

    [TestMethod]
    public void A_verdict_and_its_probability_are_fitted_on_the_graph_and_no_label()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.Read(Products);
        Triple triple = graph.Triples(GraphSplit.Train)[3];
        JsonElement answer = GmtRun.Json(
            "ask", graph.Entities[triple.Head], graph.Relations[triple.Relation], graph.Entities[triple.Tail], "--path_model", s_model,
            "--kg_dir", Products);
        using var scorer = new PathScorer(FoundationCheckpoint.Read(s_model), graph);
        ScoreVerdict verdict = new ScoreJudge(scorer).Judge([triple])[0];
        Assert.AreEqual(verdict.Probability, answer.GetProperty("probability").GetDouble(), 1e-9);
        Assert.AreEqual(verdict.IsTrue, answer.GetProperty("verdict").GetBoolean());
        StringAssert.Contains(answer.GetProperty("calibration").GetString(), "not calibrated on labels");
    }

    [TestMethod]
    public void A_graph_alone_is_judged_by_the_model_that_the_library_carries()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.Read(Products);
        Triple triple = graph.Triples(GraphSplit.Train)[3];
        string[] fact = [graph.Entities[triple.Head], graph.Relations[triple.Relation], graph.Entities[triple.Tail]];
        JsonElement answer = GmtRun.Json(["ask", .. fact, "--graph", Products]);
        using PathScoringTransformer model = new MLContext().Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
        Assert.AreEqual(model.GetJudge().Judge([triple])[0].Probability, answer.GetProperty("probability").GetDouble(), 1e-9);
        StringAssert.Contains(answer.GetProperty("weights").GetString(), "pre-trained on FB15k-237 and WN18RR");
        StringAssert.Contains(answer.GetProperty("calibration").GetString(), "not calibrated on labels");

        GmtRun evaluated = GmtRun.Of("evaluate", "--graph", Products).Succeeded();
        StringAssert.Contains(evaluated.Output, "not calibrated on labels");
        StringAssert.Contains(evaluated.Error, "was split");
        GmtRun ranked = GmtRun.Of("rank", "--head", fact[0], "--relation", fact[1], "--graph", Products).Succeeded();
        StringAssert.Contains(ranked.Output, fact[2]);

        // Names are looked up as elsewhere.
        StringAssert.Contains(GmtRun.Failed("ask", "Ball valve 3/4 no. 103", fact[1], fact[2], "--graph", Products), "103");
    }

    [TestMethod]
    public void The_best_by_score_are_ranked_by_their_probabilities()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.Read(Products);
        Triple triple = graph.Triples(GraphSplit.Train)[0];
        JsonElement[] rows =
        [
            .. GmtRun.Json(
                "rank", "--head", graph.Entities[triple.Head], "--relation", graph.Relations[triple.Relation], "--path_model", s_model,
                "--graph", Products, "--top", "4", "--candidates", "4").GetProperty("entities_by_probability").EnumerateArray(),
        ];
        double[] probabilities = [.. rows.Select(row => row.GetProperty("probability").GetDouble())];
        CollectionAssert.AreEqual(probabilities.OrderDescending().ToArray(), probabilities);

        using var scorer = new PathScorer(FoundationCheckpoint.Read(s_model), graph);
        IReadOnlyList<ScoredTriple> best = EntityRetrieval.Tails(scorer, triple.Head, triple.Relation, 4, mask: QueryMask.Full);
        CollectionAssert.AreEqual(
            best.Select(found => (double)found.Score).ToArray(),
            rows.OrderBy(row => row.GetProperty("rank_by_score").GetInt32()).Select(row => row.GetProperty("score").GetDouble()).ToArray());
        ScoreVerdict[] verdicts = [.. new ScoreJudge(scorer).Judge([.. best.Select(found => found.Triple)])];
        CollectionAssert.AreEqual(
            verdicts.Select(verdict => verdict.Probability).OrderDescending().ToArray(), probabilities, "the same bits, by either way");
    }

    [TestMethod]
    public void A_split_is_evaluated_and_what_the_weights_have_seen_stands_beside_it()
    {
        GmtRun run = GmtRun.Of(
            "evaluate", "--path_model", s_model, "--kg_dir", Products, "--validation_fraction", "0.1", "--test_fraction", "0.1", "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "what it was trained on is not known");
        StringAssert.Contains(run.Output, "link prediction of the path model");
        StringAssert.Contains(run.Output, "not calibrated on labels");
        StringAssert.Contains(run.Output, "\"accuracy\"");
        Assert.DoesNotContain("accuracy with a threshold", run.Output.Replace('_', ' '));

        // A limit that nothing reaches changes nothing, a tight one does; a model of one's own says itself how it scores.
        string[] split = ["--kg_dir", Products, "--validation_fraction", "0.1", "--test_fraction", "0.1", "--json"];
        GmtRun all = GmtRun.Of(["evaluate", "--path_model", s_model, "--max_expanded_entities", "1000000", .. split]);
        Assert.AreEqual(run.Output, all.Output);
        GmtRun few = GmtRun.Of(["evaluate", "--path_model", s_model, "--max_expanded_entities", "1", .. split]);
        Assert.AreEqual(0, few.ExitCode, few.Error);
        Assert.AreNotEqual(run.Output, few.Output);
        GmtRun idle = GmtRun.Of("evaluate", "--model", s_folder["paths.zip"], "--max_expanded_entities", "9");
        Assert.AreEqual(2, idle.ExitCode);
        StringAssert.Contains(idle.Error, "--max_expanded_entities has no use beside --model");

        // A graph that comes as one file is split where nothing is said, as it is by what trains.
        GmtRun unsaid = GmtRun.Of("evaluate", "--path_model", s_model, "--kg_dir", Products, "--json");
        Assert.AreEqual(run.Output, unsaid.Output);
        StringAssert.Contains(unsaid.Error, "was split");
        StringAssert.Contains(
            GmtRun.Failed("evaluate", "--path_model", s_model, "--kg_dir", Products, "--validation_fraction", "0", "--test_fraction", "0"),
            "--test_fraction");
    }

    [TestMethod]
    [DataRow("give --model, or --kg_dir alone", "rank", "--head", "a", "--relation", "b")]
    [DataRow("give either --model", "ask", "a", "b", "c", "--path_model", "x.pth", "--model", "m.zip")]
    [DataRow("give --kg_dir", "evaluate", "--path_model", "x.pth")]
    [DataRow("--base_model has no use", "evaluate", "--path_model", "x.pth", "--base_model", "m")]
    [DataRow("--base_model has no use", "ask", "a", "b", "c", "--kg_dir", "x.csv", "--base_model", "m")]
    public void Flags_that_do_not_go_together_are_refused(string problem, params string[] arguments)
    {
        GmtRun run = GmtRun.Of(arguments);
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, problem);
    }
}
