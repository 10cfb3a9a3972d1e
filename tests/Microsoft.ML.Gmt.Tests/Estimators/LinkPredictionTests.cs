using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class LinkPredictionTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void Rows_are_ranked_on_both_sides_and_evaluated()
    {
        using SgmTransformer model = Pipelines.Fit();
        IDataView ranks = model.RankEntities(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test));
        Triple[] triples = Pipelines.Graph.Triples(GraphSplit.Test).ToArray();
        using var scope = NewDisposeScope();
        using var scorer = new SgmScorer(model.Module, Pipelines.Graph) { OwnsModule = false };
        IReadOnlyList<TripleRanks> expected = EntityRanking.Rank(scorer, triples, new KnownTriples(Pipelines.Graph), QueryMask.None);
        EntityRankRow[] rows = [.. Ml.Data.CreateEnumerable<EntityRankRow>(ranks, reuseRowObject: false)];
        Assert.HasCount(2 * triples.Length, rows, "negatives are not ranked");
        for (int i = 0; i < triples.Length; i++)
        {
            Assert.AreEqual(Pipelines.Graph.Entities[triples[i].Head], rows[2 * i].Head);
            Assert.AreEqual(("Tail", "Head"), (rows[2 * i].Side, rows[(2 * i) + 1].Side));
            Assert.AreEqual(
                expected[i].Tail, EntityRank.FromRanks(rows[2 * i].OptimisticRank, rows[2 * i].PessimisticRank, rows[2 * i].Candidates));
            Assert.AreEqual(expected[i].Head.Realistic, rows[(2 * i) + 1].RealisticRank);
        }

        LinkPredictionMetrics metrics = Ml.Ranking.EvaluateLinkPrediction(ranks);
        LinkPredictionMetrics direct = EntityRanking.Metrics(expected, relation => Pipelines.Graph.Relations[relation]);
        Assert.AreEqual(direct.MeanReciprocalRank, metrics.MeanReciprocalRank);
        Assert.AreEqual(direct.Head.Optimistic.MeanRank, metrics.Head.Optimistic.MeanRank);
        CollectionAssert.AreEqual(direct.ByRelation.Keys.ToArray(), metrics.ByRelation.Keys.ToArray());
        Assert.AreEqual(direct.ByRelation["speaks"].Tail.Pessimistic.HitsAt[3], metrics.ByRelation["speaks"].Tail.Pessimistic.HitsAt[3]);
    }

    [TestMethod]
    public void The_rows_themselves_are_known_to_be_true()
    {
        using SgmTransformer model = Ml.Transforms.SgmPretrain(null, Pipelines.Options).Fit(Pipelines.Graph.ToDataView());
        var rows = new[] { "France", "Italy" }.Select(
            country => new TripleRow { Head = "person 0", Relation = "speaks", Tail = $"language of {country}" });
        EntityRankRow[] ranks =
            [.. Ml.Data.CreateEnumerable<EntityRankRow>(model.RankEntities(Ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];
        int entities = model.Graph.Entities.Count;
        bool known = model.Graph.Entities.TryGetId("language of Italy", out _);
        Assert.IsTrue(known);
        Assert.IsTrue(
            ranks.Where(rank => rank.Side == "Tail").All(rank => rank.Candidates == entities - 1), "the other row is no candidate");
    }

    [TestMethod]
    public void Candidates_that_any_model_scored_are_ranked_in_their_groups()
    {
        Candidate[] rows =
        [
            new() { Question = "b", Score = 1, Label = true, Relation = "r" },
            new() { Question = "a", Score = 3, Label = true, Relation = "r" },
            new() { Question = "a", Score = 5, Relation = "r" },
            new() { Question = "b", Score = 1, Relation = "r" },
            new() { Question = "a", Score = 4, Label = true, Relation = "s", Side = "Head" },
            new() { Question = "a", Score = 2, Relation = "r" },
            new() { Question = "c", Score = 2, Relation = "r" },
        ];
        LinkPredictionMetrics metrics = Ml.Ranking.EvaluateLinkPrediction(
            Ml.Data.LoadFromEnumerable(rows), "Label", "Question", relationColumnName: "Relation", sideColumnName: "Side");

        // a: 3 and 4 stand behind 5 alone, of 3 candidates each; b: a tie of two; c has no answer.
        Assert.AreEqual((0.5 + 0.5 + (1 / 1.5)) / 3, metrics.MeanReciprocalRank, 1e-12);
        Assert.AreEqual(1, metrics.Head.Realistic.Count);
        Assert.AreEqual((0.5 + 1) / 2, metrics.ByRelation["r"].Tail.Optimistic.MeanReciprocalRank, 1e-12);
        IDataView keyed = Ml.Transforms.Conversion.MapValueToKey("Question").Fit(
            Ml.Data.LoadFromEnumerable(rows)).Transform(Ml.Data.LoadFromEnumerable(rows));
        Assert.AreEqual(metrics.MeanReciprocalRank, Ml.Ranking.EvaluateLinkPrediction(keyed, "Label", "Question").MeanReciprocalRank);
    }

    [TestMethod]
    public void Candidates_without_a_score_are_counted()
    {
        var ml = new MLContext();
        List<string> warnings = ml.Messages();
        Candidate[] rows = [new() { Question = "a", Score = 1, Label = true }, new() { Question = "a", Score = float.NaN }];
        LinkPredictionMetrics metrics = ml.Ranking.EvaluateLinkPrediction(ml.Data.LoadFromEnumerable(rows), "Label", "Question");
        Assert.AreEqual(0.5, metrics.MeanReciprocalRank);
        StringAssert.StartsWith(warnings.Single(), "1 candidates have no score (NaN), as rows with unknown names do");
    }

    [TestMethod]
    public void Wrong_columns_are_refused()
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new Candidate()]);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Ranking.EvaluateLinkPrediction(data)).Message,
            "Could not find rank column 'OptimisticRank'");
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Ranking.EvaluateLinkPrediction(data, "Label", "Score")).Message,
            "Schema mismatch for group column 'Score': expected String or Key, got Single");
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => Ml.Ranking.EvaluateLinkPrediction(data, "Relation", "Question")).Message,
            "Schema mismatch for label column 'Relation': expected Boolean or Single, got String");
    }

    private sealed class Candidate
    {
        public string Question { get; set; } = "";

        public float Score { get; set; }

        public bool Label { get; set; }

        public string Relation { get; set; } = "";

        public string Side { get; set; } = "Tail";
    }
}
