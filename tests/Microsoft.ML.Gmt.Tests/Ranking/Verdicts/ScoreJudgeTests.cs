using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Ranking;

[TestClass]
public sealed class ScoreJudgeTests
{
    private const int Entities = 40, Relations = 3;

    [TestMethod]
    public void The_score_is_the_mean_log_softmax_of_both_sides_with_the_triple_hidden_where_it_is_stated()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 12, relations: 3, triples: 90);
        var scorer = new MaskingScorer(graph, Mixed);
        var stated = new KnownTriples(graph, GraphSplit.Train);
        Triple[] triples = [.. AllTriples(graph).Where((_, i) => i % 3 == 0)];
        IReadOnlyList<ScoreVerdict> verdicts = new ScoreJudge(scorer).Judge(triples);
        Assert.IsTrue(triples.Any(stated.Contains) && !triples.All(stated.Contains));
        for (int i = 0; i < triples.Length; i++)
        {
            Triple? hidden = stated.Contains(triples[i]) ? triples[i] : null;
            double expected = (Side(graph, triples[i], hidden, RankSide.Tail) + Side(graph, triples[i], hidden, RankSide.Head)) / 2;
            Assert.AreEqual(expected, verdicts[i].Score, 1e-5);
        }
    }

    [TestMethod]
    public void A_drawn_negative_hides_the_triple_it_was_drawn_from_where_both_ask_the_same()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 12, relations: 3, triples: 90);
        var stated = new KnownTriples(graph, GraphSplit.Train);
        var scores = new AnswerLogLikelihood(new MaskingScorer(graph, Mixed), stated);
        Triple positive = graph.Triples(GraphSplit.Train)[0];
        Triple negative = AllTriples(graph).First(
            other => other.Head == positive.Head && other.Relation == positive.Relation && !stated.Contains(other));
        double score = scores.Of([new TripleQuery(negative, positive)], CancellationToken.None)[0];
        Assert.AreEqual(
            (Side(graph, negative, positive, RankSide.Tail) + Side(graph, negative, null, RankSide.Head)) / 2, score, 1e-5);
    }

    [TestMethod]
    public void Held_out_triples_are_told_from_false_ones_where_scores_tell_them()
    {
        (KnowledgeGraph graph, Triple[] heldOut) = Planted();
        var judge = new ScoreJudge(new MaskingScorer(graph, (triple, _) => (IsTrue(triple) ? 3 : 0) + Noise(triple)));
        Triple[] wrong = [.. AllTriples(graph).Where(triple => !IsTrue(triple)).Where((_, i) => i % 7 == 0)];
        IReadOnlyList<ScoreVerdict> ofTrue = judge.Judge(heldOut), ofWrong = judge.Judge(wrong);
        Assert.IsGreaterThan(0.95, ofTrue.Average(verdict => verdict.IsTrue ? 1.0 : 0));
        Assert.IsGreaterThan(0.95, ofWrong.Average(verdict => verdict.IsTrue ? 0 : 1.0));
        foreach (ScoreVerdict verdict in ofTrue.Concat(ofWrong))
        {
            Assert.AreEqual(verdict.IsTrue, verdict.Probability > 0.5);
        }

        Assert.AreEqual(200, judge.CalibrationOf(0).Rows);
        for (int i = 0; i < heldOut.Length; i++)
        {
            Assert.AreEqual(ofTrue[i].IsTrue, ofTrue[i].Score > judge.CalibrationOf(heldOut[i].Relation).Threshold);
        }
    }

    [TestMethod]
    public void What_the_graph_states_is_no_evidence_of_itself()
    {
        (KnowledgeGraph graph, _) = Planted();
        var stated = new KnownTriples(graph, GraphSplit.Train);
        var judge = new ScoreJudge(new MaskingScorer(
            graph, (triple, hidden) => (stated.Contains(triple) && triple != hidden ? 9 : 0) + (8 * Noise(triple))));
        Triple[] triples = [.. graph.Triples(GraphSplit.Train)[..60]];
        Assert.IsLessThan(0.7, judge.Judge(triples).Average(verdict => verdict.Probability), "they would be certain, were they seen");
    }

    [TestMethod]
    public void Verdicts_depend_on_graph_and_model_alone()
    {
        (KnowledgeGraph graph, Triple[] heldOut) = Planted();
        MaskingScorer Scorer(KnowledgeGraph of) => new(of, (triple, _) => (IsTrue(triple) ? 2 : 0) + Noise(triple));
        ScoreVerdict[] together = [.. new ScoreJudge(Scorer(graph)).Judge(heldOut)];
        var oneByOne = new ScoreJudge(Scorer(graph));
        ScoreVerdict[] backwards = [.. heldOut.Reverse().Select(triple => oneByOne.Judge([triple])[0]).Reverse()];
        CollectionAssert.AreEqual(together, backwards);

        // Other validation and test triples, and labels, are not looked at.
        KnowledgeGraphBuilder builder = NewBuilder();
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            builder.Add(triple);
        }

        builder.Add(heldOut[0], GraphSplit.Validation);
        builder.Add(heldOut[1], GraphSplit.Validation, label: false);
        CollectionAssert.AreEqual(together, new ScoreJudge(Scorer(builder.Build())).Judge(heldOut).ToArray());
    }

    [TestMethod]
    public void A_relation_of_few_rows_shares_the_curve_of_all()
    {
        KnowledgeGraphBuilder builder = NewBuilder();
        foreach (Triple triple in Planted().Graph.Triples(GraphSplit.Train))
        {
            if (triple.Relation != 2 || triple.Head == 0)
            {
                builder.Add(triple);
            }
        }

        KnowledgeGraph graph = builder.Build();
        int few = graph.Triples(GraphSplit.Train).ToArray().Count(triple => triple.Relation == 2);
        Assert.IsTrue(few is > 0 and < 15);
        var judge = new ScoreJudge(new MaskingScorer(graph, (triple, _) => (IsTrue(triple) ? 2 : 0) + Noise(triple)));
        ScoreCalibration pooled = judge.CalibrationOf(2), own = judge.CalibrationOf(0);
        Assert.IsTrue(pooled.IsPooled && !own.IsPooled);
        Assert.IsTrue(double.IsFinite(pooled.Threshold));
        StringAssert.StartsWith($"{pooled}", "not calibrated on labels: fitted on ");
        StringAssert.Contains($"{pooled}", "all relations");
    }

    [TestMethod]
    public void What_cannot_be_judged_is_refused()
    {
        (KnowledgeGraph graph, _) = Planted();
        Assert.ThrowsExactly<NotSupportedException>(() => new ScoreJudge(new FunctionScorer(graph, _ => 0)));
        var judge = new ScoreJudge(new MaskingScorer(graph, Mixed));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => judge.Judge([new Triple(Entities, 0, 0)]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => judge.CalibrationOf(Relations));
        Assert.ThrowsExactly<OperationCanceledException>(() => judge.Judge([new Triple(0, 0, 1)], new CancellationToken(canceled: true)));
        KnowledgeGraph empty = NewBuilder().Build();
        Assert.ThrowsExactly<InvalidOperationException>(() => new ScoreJudge(new MaskingScorer(empty, Mixed)).Judge([new Triple(0, 0, 1)]));
        Assert.ThrowsExactly<NotFiniteNumberException>(
            () => new ScoreJudge(new MaskingScorer(graph, (_, _) => float.NaN)).Judge([new Triple(0, 0, 1)]));
    }

    /// <summary>A graph of half of the triples that hold, and the other half.</summary>
    private static (KnowledgeGraph Graph, Triple[] HeldOut) Planted()
    {
        KnowledgeGraphBuilder builder = NewBuilder();
        List<Triple> heldOut = [];
        foreach (Triple triple in AllTriples(Entities, Relations).Where(IsTrue))
        {
            if (Noise(triple) < 0.5)
            {
                builder.Add(triple);
            }
            else
            {
                heldOut.Add(triple);
            }
        }

        return (builder.Build(), [.. heldOut]);
    }

    private static KnowledgeGraphBuilder NewBuilder() => new(
        Enumerable.Range(0, Entities).Select(id => $"e{id}"), Enumerable.Range(0, Relations).Select(id => $"r{id}"));

    private static bool IsTrue(Triple triple) => ((triple.Head * 3) + (triple.Relation * 5) + (triple.Tail * 7)) % 6 == 0;

    /// <summary>From 0 to 1, without any order.</summary>
    private static float Noise(Triple triple) =>
        new Random((((triple.Head * Entities) + triple.Tail) * Relations) + triple.Relation).NextSingle();

    private static float Mixed(Triple candidate, Triple? hidden) =>
        (3 * Noise(candidate)) + (hidden is { } triple ? Noise(triple with { Tail = (triple.Tail + candidate.Tail) % 7 }) : 0);

    private static IEnumerable<Triple> AllTriples(KnowledgeGraph graph) => AllTriples(graph.Entities.Count, graph.Relations.Count);

    private static IEnumerable<Triple> AllTriples(int entities, int relations) =>
        from head in Enumerable.Range(0, entities)
        from relation in Enumerable.Range(0, relations)
        from tail in Enumerable.Range(0, entities)
        select new Triple(head, relation, tail);

    private static double Side(KnowledgeGraph graph, Triple triple, Triple? hidden, RankSide side)
    {
        double all = Enumerable.Range(0, graph.Entities.Count)
            .Sum(entity => Math.Exp(Mixed(side == RankSide.Tail ? triple with { Tail = entity } : triple with { Head = entity }, hidden)));
        return Mixed(triple, hidden) - Math.Log(all);
    }
}
