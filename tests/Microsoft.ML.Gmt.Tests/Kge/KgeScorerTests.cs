using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Kge;

[TestClass]
public sealed class KgeScorerTests
{
    private static readonly KnowledgeGraph s_graph = Graphs.Random(entities: 37, relations: 5, triples: 150);

    private static readonly Triple[] s_triples = s_graph.Triples(GraphSplit.Train)[..40].ToArray();

    public static IEnumerable<object[]> Shapes => KgeModels.Shapes().Select(shape => new object[] { $"{shape.Model} {shape.DistanceNorm} "
        + $"{shape.ReciprocalRelations}" });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Scores_are_those_of_the_formula(string name)
    {
        using KgeScorer scorer = Scorer(name);
        KgeModule module = scorer.Module;
        int entities = s_graph.Entities.Count;
        float[] scores = new float[s_triples.Length], tails = new float[s_triples.Length * entities], heads = new float[tails.Length];
        scorer.Score(s_triples, QueryMask.None, scores);
        ((ITripleScorer)scorer).ScoreBothSides(s_triples, QueryMask.None, heads, tails);
        for (int i = 0; i < s_triples.Length; i++)
        {
            Triple triple = s_triples[i];
            double mean = (NaiveKge.Score(module, triple, asksForTail: true) + NaiveKge.Score(module, triple, asksForTail: false)) / 2;
            Assert.AreEqual(mean, scores[i], 3e-5, $"{name}: {triple}");
            for (int entity = 0; entity < entities; entity++)
            {
                Assert.AreEqual(
                    NaiveKge.Score(module, triple with { Tail = entity }, asksForTail: true), tails[(i * entities) + entity], 3e-5);
                Assert.AreEqual(
                    NaiveKge.Score(module, triple with { Head = entity }, asksForTail: false), heads[(i * entities) + entity], 3e-5);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Equal_entities_get_equal_scores_and_any_number_of_threads_may_ask(string name)
    {
        using KgeScorer scorer = Scorer(name);
        using (no_grad())
        using (NewDisposeScope())
        {
            scorer.Module.Entities[7].copy_(scorer.Module.Entities[3]);
        }

        float[] expected = Tails();
        for (int row = 0; row < s_triples.Length; row++)
        {
            Assert.AreEqual(expected[(row * 37) + 3], expected[(row * 37) + 7]);
        }

        LiveTensors.OnThreads(4, () => CollectionAssert.AreEqual(expected, Tails()));

        float[] Tails()
        {
            float[] tails = new float[s_triples.Length * 37];
            scorer.ScoreTails(s_triples, QueryMask.None, tails);
            return tails;
        }
    }

    [TestMethod]
    public void It_cannot_mask_and_says_what_it_has_seen()
    {
        using KgeScorer scorer = Scorer("DistMult 1 True");
        Assert.IsFalse(scorer.CanMask);
        Assert.IsTrue(scorer.FittedOn!.Contains(s_triples[0]));
        string message = Assert.ThrowsExactly<NotSupportedException>(
            () => scorer.Score(s_triples, QueryMask.Full, new float[s_triples.Length])).Message;
        StringAssert.Contains(message, "score without a mask");
        Assert.ThrowsExactly<NotSupportedException>(() => EntityRanking.Rank(scorer, s_triples, null, QueryMask.Full));
    }

    [TestMethod]
    public void Bad_arguments_are_refused()
    {
        using KgeScorer scorer = Scorer("TransE 1 False");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => scorer.Score(new[] { new Triple(0, 0, 37) }, QueryMask.None, new float[1]));
        Assert.ThrowsExactly<ArgumentException>(() => scorer.ScoreTails(s_triples, QueryMask.None, new float[3]));
        scorer.Score(default, QueryMask.None, default);
    }

    [TestMethod]
    public void Scores_that_are_not_finite_are_errors()
    {
        using KgeScorer scorer = Scorer("ComplEx 1 True");
        using (no_grad())
        using (NewDisposeScope())
        {
            scorer.Module.Entities[3].fill_(1e30f);
        }

        var triple = new Triple(3, 0, 3);
        Assert.ThrowsExactly<NotFiniteNumberException>(() => scorer.Score(new[] { triple }, QueryMask.None, new float[1]));
        Assert.ThrowsExactly<NotFiniteNumberException>(() => scorer.ScoreTails(new[] { triple }, QueryMask.None, new float[37]));
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Asking_leaves_no_tensor_behind(string name)
    {
        using KgeScorer scorer = Scorer(name);
        LiveTensors.StayTheSame(() => EntityRanking.Rank(scorer, s_triples, null, QueryMask.None));
    }

    private static KgeScorer Scorer(string name) => new(
        KgeModels.Create(
            KgeModels.Shapes().Single(shape => $"{shape.Model} {shape.DistanceNorm} {shape.ReciprocalRelations}" == name), s_graph.Bounds),
        s_graph, () => new KnownTriples(s_graph, GraphSplit.Train));
}
