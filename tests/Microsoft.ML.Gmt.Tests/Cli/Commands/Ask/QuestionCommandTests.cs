using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Text;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt ask</c>, <c>rank</c>, <c>evaluate</c> and <c>convert</c>.</summary>
[TestClass]
public sealed class QuestionCommandTests
{
    private static TemporaryFolder s_folder = null!;
    private static string s_both = null!;
    private static string s_first = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_folder = new TemporaryFolder();
        (s_both, s_first) = (QuestionModels.Both(s_folder), QuestionModels.First(s_folder));
    }

    [ClassCleanup]
    public static void Remove() => s_folder.Dispose();

    [TestMethod]
    public void A_fact_gets_the_verdict_of_the_transformer_and_the_edges_that_were_read()
    {
        JsonElement answer = GmtRun.Json("ask", "person 1", "Lives In", "Italy city 1", "--model", s_both);
        Assert.AreEqual("(person 1, lives in, Italy city 1)", answer.GetProperty("title").GetString());
        JudgedRow expected = Judge("person 1", "lives in", "Italy city 1");
        Assert.AreEqual(expected.Probability, answer.GetProperty("probability").GetDouble(), 1e-6);
        Assert.AreEqual(expected.PredictedLabel, answer.GetProperty("verdict").GetBoolean());
        Assert.IsGreaterThan(0, answer.GetProperty("edges_read").GetArrayLength());
        Assert.AreEqual("lives in", answer.GetProperty("relation").GetProperty("name").GetString());
        JsonElement edge = answer.GetProperty("edges_read")[0];
        StringAssert.Contains(edge.GetProperty("edge").GetString(), "person 1");
        Assert.Contains("person 1", new[] { "head", "tail" }.Select(side => edge.GetProperty(side).GetProperty("name").GetString()));
        Assert.IsTrue(edge.GetProperty("relation").TryGetProperty("label", out _));
        Assert.IsTrue(answer.TryGetProperty("in_words", out _));
        Assert.IsFalse(GmtRun.Json("ask", "person 1", "lives in", "Italy city 1", "--model", s_both, "--max_new_tokens", "0").TryGetProperty("in_words", out _));
    }

    [TestMethod]
    public void A_misspelt_name_gets_a_suggestion()
    {
        GmtRun run = GmtRun.Of("ask", "persn 1", "lives in", "Italy city 1", "--model", s_both);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "the graph has no entity 'persn 1'; did you mean 'person 1'");
        StringAssert.Contains(
            GmtRun.Of("rank", "--head", "person 1", "--relation", "live in", "--model", s_first).Error, "did you mean 'lives in'?");
    }

    [TestMethod]
    public void Tails_and_heads_are_ranked_by_either_stage()
    {
        JsonElement tails = GmtRun.Json(
            "rank", "--head", "person 1", "--relation", "speaks", "--model", s_first, "--top", "4").GetProperty("entities_by_score");
        Assert.AreEqual(4, tails.GetArrayLength());
        double[] scores = [.. tails.EnumerateArray().Select(row => row.GetProperty("score").GetDouble())];
        CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), scores);

        JsonElement heads = GmtRun.Json(
            "rank", "--relation", "speaks", "--tail", "language of Italy", "--model", s_both, "--top", "3", "--candidates", "6");
        Assert.AreEqual(6, heads.GetProperty("judged").GetInt32());
        JsonElement rows = heads.GetProperty("entities_by_probability");
        Assert.AreEqual(3, rows.GetArrayLength());
        double[] probabilities = [.. rows.EnumerateArray().Select(row => row.GetProperty("probability").GetDouble())];
        CollectionAssert.AreEqual(probabilities.OrderDescending().ToArray(), probabilities);
        JudgedRow best = Judge(rows[0].GetProperty("name").GetString()!, "speaks", "language of Italy");
        Assert.AreEqual(best.Probability, probabilities[0], 1e-5);
    }

    [TestMethod]
    public void What_the_graph_states_is_marked_or_left_out()
    {
        string[] question = ["rank", "--head", "person 0", "--relation", "knows", "--model", s_first, "--top", "1000"];
        JsonElement[] all = [.. GmtRun.Json(question).GetProperty("entities_by_score").EnumerateArray()];
        JsonElement[] fresh = [.. GmtRun.Json([.. question, "--new"]).GetProperty("entities_by_score").EnumerateArray()];
        Assert.HasCount(Pipelines.Graph.Entities.Count, all);
        int known = all.Count(row => row.GetProperty("known").GetBoolean());
        Assert.IsPositive(known);
        Assert.HasCount(all.Length - known, fresh);
        Assert.IsTrue(fresh.All(row => !row.GetProperty("known").GetBoolean()));
        JsonElement[] typed = [.. GmtRun.Json("rank", "--head", "person 0", "--relation", "speaks", "--model", s_first, "--typed", "--top", "1000").GetProperty("entities_by_score").EnumerateArray()];
        Assert.IsTrue(typed.Length == 4 && typed.All(row => row.GetProperty("name").GetString()!.StartsWith("language of", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Wrong_questions_are_refused()
    {
        Assert.AreEqual(2, GmtRun.Of("rank", "--relation", "speaks", "--model", s_both).ExitCode);
        Assert.AreEqual(2, GmtRun.Of("rank", "--head", "a", "--tail", "b", "--relation", "speaks", "--model", s_both).ExitCode);
        StringAssert.Contains(
            GmtRun.Of("ask", "person 1", "speaks", "language of Italy", "--model", s_first).Error, "is of stage 1 and cannot judge");
        StringAssert.Contains(GmtRun.Of("ask", "a", "b", "c", "--model", s_folder["nothing"]).Error, "There is no model at");
        GmtRun none = GmtRun.Of("rank", "--head", "person 1", "--relation", "speaks", "--model", s_both, "--top", "0");
        Assert.AreEqual(2, none.ExitCode);
        StringAssert.Contains(none.Error, "--top is 0; it must be from 1 to");
        Assert.AreEqual(2, GmtRun.Of("ask", "person 1", "speaks", "language of Italy", "--model", s_both, "--edges=-1").ExitCode);
    }

    [TestMethod]
    [DataRow("--kg_dir", "elsewhere")]
    [DataRow("--test_fraction", "0.2")]
    [DataRow("--columns", "htr")]
    public void A_graph_for_an_archive_that_holds_its_own_is_refused(params string[] flag)
    {
        GmtRun run = GmtRun.Of(["evaluate", "--model", s_both, .. flag]);
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, $"{flag[0]} has no use here");
    }

    [TestMethod]
    public void What_is_no_model_is_refused_in_words()
    {
        using var folder = new TemporaryFolder();
        byte[] archive = File.ReadAllBytes(s_both);
        File.WriteAllBytes(folder["cut.zip"], archive[..(archive.Length / 2)]);
        folder.With("text.zip", "no archive\n").With("empty.zip", "");
        foreach (string name in new[] { "cut.zip", "text.zip", "empty.zip" })
        {
            GmtRun run = GmtRun.Of("convert", folder[name], folder["out"]);
            Assert.AreEqual(1, run.ExitCode, name);
            StringAssert.Contains(run.Error, $"{folder[name]} is no ML.NET model that can be read");
            Assert.IsFalse(run.Error.Contains("unexpected", StringComparison.Ordinal), run.Error);
        }
    }

    [TestMethod]
    public void Evaluation_is_that_of_the_library()
    {
        JsonElement[] reports = [.. GmtRun.Json("evaluate", "--model", s_both, "--thresholds").EnumerateArray()];
        Assert.HasCount(2, reports);
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(s_both, out _);
        BinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(
            model.Transform(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test)));
        Assert.AreEqual(metrics.Accuracy, reports[0].GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.AreEqual(metrics.AreaUnderRocCurve, reports[0].GetProperty("area_under_the_roc_curve").GetDouble(), 1e-9);
        Assert.IsTrue(reports[0].TryGetProperty("accuracy_with_a_threshold_for_each_relation", out _));
        (model as IDisposable)?.Dispose();

        SgmTransformer first = (SgmTransformer)ml.Model.Load(s_first, out _);
        double expected = ml.Ranking.EvaluateLinkPrediction(
            first.RankEntities(Pipelines.Graph.ToDataView(GraphSplit.Test))).MeanReciprocalRank;
        JsonElement[] ranked = [.. GmtRun.Json("evaluate", "--model", s_first, "--by_relation").EnumerateArray()];
        Assert.AreEqual(expected, ranked[1].GetProperty("ranks")[0].GetProperty("mrr").GetDouble(), 1e-6);
        Assert.AreEqual(Pipelines.Graph.Relations.Count, ranked[1].GetProperty("relations").GetArrayLength());
        first.Dispose();
    }

    [TestMethod]
    public void Links_are_ranked_in_two_steps_with_the_weight_that_validation_triples_choose()
    {
        JsonElement report = GmtRun.Json("evaluate", "--model", s_both, "--rerank", "4", "--rerank_triples", "100").EnumerateArray().Last();
        var ml = new MLContext();
        var model = (TransformerChain<ITransformer>)ml.Model.Load(s_both, out _);
        GmtTransformer judge = model.OfType<GmtTransformer>().Single();
        var options = new RerankingOptions { NumberOfCandidates = 4, Score = RerankingScore.Verdict };
        RerankedLinks Of(GraphSplit split) => judge.RerankEntities(judge.Graph.ToDataView(split), judge.GetScorer(), options);
        RerankedLinks links = Of(GraphSplit.Test);
        double[] weights = [.. new[] { 0, Of(GraphSplit.Validation).ChooseWeight(), double.PositiveInfinity }.Distinct()];
        Assert.AreEqual(links.Misses, report.GetProperty("misses").GetInt32());
        CollectionAssert.AreEqual(
            weights.Select(weight => $"{links.Metrics(weight).MeanReciprocalRank:f5}").ToArray(),
            report.GetProperty("ranks").EnumerateArray().Select(row => $"{row.GetProperty("mrr").GetDouble():f5}").ToArray());
        judge.Dispose();

        Assert.AreEqual(2, GmtRun.Of("evaluate", "--model", s_first, "--rerank", "4").ExitCode);
        Assert.AreEqual(2, GmtRun.Of("evaluate", "--model", s_both, "--retriever", "nowhere.zip").ExitCode);
    }

    [TestMethod]
    public void Half_of_the_labels_selects_which_verdicts_to_accept_and_the_other_half_judges_it()
    {
        JsonElement all = GmtRun.Json("evaluate", "--model", s_both, "--no_links", "--split", "validation", "--accept", "0.9");
        Assert.AreEqual(0.5, all.GetProperty("accepted_from_certainty").GetDouble(), "nine in ten may be wrong, and fewer are");
        Assert.AreEqual(1, all.GetProperty("accepted_share_of_the_other_half").GetDouble());
        double error = all.GetProperty("error_among_them").GetDouble(), accuracy = all.GetProperty("accuracy").GetDouble();
        Assert.AreEqual(1 - accuracy, error, 0.5);

        GmtRun few = GmtRun.Of("evaluate", "--model", s_both, "--no_links", "--accept", "0.05");
        StringAssert.Contains(few.Output, "59 accepted rows without any error are needed");
        StringAssert.Contains(
            GmtRun.Of("evaluate", "--model", s_first, "--no_links", "--accept", "0.05").Error, "--accept needs probabilities");
        Assert.AreEqual(2, GmtRun.Of("evaluate", "--model", s_both, "--accept", "1").ExitCode);
    }

    [TestMethod]
    [DataRow("all", "all entities ranked, filtered")]
    [DataRow("typed", "ranked among entities that training triples have at this side of the relation, filtered")]
    [DataRow("sampled", "ranked among 3 entities drawn for each question (seed 7), filtered")]
    public void Link_prediction_is_that_of_the_library(string among, string words)
    {
        string[] samples = among == "sampled" ? ["--samples", "3", "--seed", "7"] : [];
        JsonElement links = GmtRun.Json(
            ["evaluate", "--model", s_first, "--rank_among", among, "--all_metrics", .. samples]).EnumerateArray().Last();
        StringAssert.EndsWith(links.GetProperty("title").GetString()!, words);
        var ml = new MLContext();
        using var first = (SgmTransformer)ml.Model.Load(s_first, out _);
        EntityCandidates? candidates = among switch
        {
            "typed" => EntityCandidates.Typed(first.Graph),
            "sampled" => EntityCandidates.Sampled(3, seed: 7),
            _ => null,
        };
        LinkPredictionMetrics expected = ml.Ranking.EvaluateLinkPrediction(
            first.RankEntities(Pipelines.Graph.ToDataView(GraphSplit.Test), candidates: candidates));
        foreach (JsonElement row in links.GetProperty("all_metrics").EnumerateArray())
        {
            SideMetrics side = row.GetProperty("side").GetString() switch
            {
                "head" => expected.Head,
                "tail" => expected.Tail,
                _ => expected.Both,
            };
            foreach (RankType type in Enum.GetValues<RankType>())
            {
                double value = side.Of(type).ToDictionary()[row.GetProperty("metric").GetString()!];
                JsonElement shown = row.GetProperty(type.ToString().ToLowerInvariant());
                Assert.AreEqual(value, shown.ValueKind == JsonValueKind.Null ? double.NaN : shown.GetDouble(), 1e-9);
            }
        }

        Assert.AreEqual(3 * expected.Both.Realistic.ToDictionary().Count, links.GetProperty("all_metrics").GetArrayLength());
        JsonElement[] halves = [.. links.GetProperty("ranks_by_half_links_in_training_triples").EnumerateArray()];
        CollectionAssert.AreEqual(
            expected.ByHalfLinks.Values.Select(metrics => metrics.Both.Realistic.Count).ToArray(),
            halves.Select(row => row.GetProperty("queries").GetInt32()).ToArray());
        CollectionAssert.AreEqual(
            expected.ByHalfLinks.Keys.Select(seen => seen.HasFlag(HalfLinks.RelationTail) ? "seen" : "unseen").ToArray(),
            halves.Select(row => row.GetProperty("relation_and_tail").GetString()).ToArray());
    }

    [TestMethod]
    public void Samples_that_nobody_draws_are_refused()
    {
        GmtRun run = GmtRun.Of("evaluate", "--model", s_first, "--samples", "3");
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "--samples has no use here: it belongs to --rank_among sampled");
    }

    [TestMethod]
    public void A_model_goes_through_all_forms_and_back_with_the_same_answers()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        string[] parts = ["--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"]];
        GmtRun.Of("convert", s_both, folder["scripts"]).Succeeded();
        JsonElement config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["scripts"], "gmt_config.json"))).RootElement;
        Assert.AreEqual(
            Path.GetFullPath(GmtPipelines.BaseModel), config.GetProperty("base_model").GetString(),
            "not where the archive was unpacked to");
        GmtRun.Of("convert", folder["scripts"], folder["one.safetensors"]).Succeeded();
        GmtRun.Of("convert", folder["one.safetensors"], folder["again"]).Succeeded();
        GmtRun.Of(["convert", folder["again"], folder["again.zip"], .. parts]).Succeeded();
        GmtRun.Of(["convert", folder["one.safetensors"], folder["direct.zip"], .. parts]).Succeeded();
        GmtRun.Of("convert", folder["again.zip"], folder["last.safetensors"]).Succeeded();
        double expected = Probability(s_both);
        Assert.AreEqual(expected, Probability(folder["scripts"], parts));
        Assert.AreEqual(expected, Probability(folder["again"], parts));
        Assert.AreEqual(expected, Probability(folder["again.zip"]));
        Assert.AreEqual(expected, Probability(folder["direct.zip"]));
        foreach (string file in new[] { "graph_encoder.pth", "memory_attn.pth", "gmt_config.json" })
        {
            CollectionAssert.AreEqual(
                File.ReadAllBytes(Path.Combine(folder["scripts"], file)), File.ReadAllBytes(Path.Combine(folder["again"], file)), file);
        }
    }

    [TestMethod]
    public void A_model_with_a_tokenizer_of_its_own_is_refused_in_words()
    {
        using var folder = new TemporaryFolder();
        GmtFinetuneEstimator.Options options = GmtPipelines.Options with
        {
            Tokenizer = TokenizerKinds.WrapBytePairs(),
            Training = GmtPipelines.Options.Training with { NumberOfEpochs = 0 },
        };
        using (TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(options))
        {
            new MLContext().Model.Save(chain, null, folder["own.zip"]);
        }

        GmtRun run = GmtRun.Of("ask", "person 1", "lives in", "Italy city 1", "--model", folder["own.zip"]);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "was made with a tokenizer of its own");
    }

    [TestMethod]
    public void A_graph_module_and_files_of_weights_are_converted_too()
    {
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        GmtRun.Of("convert", s_first, folder["sgm"]).Succeeded();
        string state = Path.Combine(folder["sgm"], "sgm_state.pth");
        GmtRun.Of("convert", state, folder["sgm.safetensors"]).Succeeded();
        GmtRun.Of("convert", folder["sgm.safetensors"], folder["sgm_state.pth"]).Succeeded();
        CollectionAssert.AreEqual(File.ReadAllBytes(state), File.ReadAllBytes(folder["sgm_state.pth"]));
        GmtRun.Of("convert", folder["sgm"], folder["sgm.zip"], "--kg_dir", folder["graph"]).Succeeded();
        string[] question = ["rank", "--head", "person 1", "--relation", "speaks", "--json", "--model"];
        Assert.AreEqual(
            GmtRun.Of([.. question, s_first]).Succeeded().Output, GmtRun.Of([.. question, folder["sgm.zip"]]).Succeeded().Output);
        Assert.AreEqual(2, GmtRun.Of("convert", state, folder["sgm.npz"]).ExitCode);
        Assert.AreEqual(2, GmtRun.Of("convert", folder["sgm"], folder["x.zip"]).ExitCode, "no graph");
        Assert.AreEqual(1, GmtRun.Of("convert", folder["nothing"], folder["x.zip"]).ExitCode);
    }

    private static double Probability(string model, params string[] parts) =>
        GmtRun.Json(["ask", "person 1", "lives in", "Italy city 1", "--max_new_tokens", "0", "--model", model, .. parts]).GetProperty("probability").GetDouble();

    private static JudgedRow Judge(string head, string relation, string tail)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(s_both, out _);
        IDataView data = ml.Data.LoadFromEnumerable([new TripleRow { Head = head, Relation = relation, Tail = tail }]);
        JudgedRow row = ml.Data.CreateEnumerable<JudgedRow>(model.Transform(data), reuseRowObject: false).Single();
        (model as IDisposable)?.Dispose();
        return row;
    }
}
