using Examples.PathModel;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Examples;

[TestClass]
public sealed class JudgmentTests
{
    [TestMethod]
    public void Common_neighbors_are_counted_as_their_name_says()
    {
        KnowledgeGraph graph = Graphs.Random(12, 3, 40);
        Triple[] edges = graph.Triples(GraphSplit.Train).ToArray();
        bool Joined(int one, int other) =>
            edges.Any(edge => (edge.Head, edge.Tail) == (one, other) || (edge.Head, edge.Tail) == (other, one));
        Triple[] asked = [.. Enumerable.Range(0, 144).Select(i => new Triple(i / 12, 1, i % 12))];
        float[] scores = new float[asked.Length], row = new float[12];
        var scorer = new CommonNeighborScorer(graph);
        scorer.Score(asked, QueryMask.None, scores);
        foreach ((Triple triple, float score) in asked.Zip(scores))
        {
            double expected = Enumerable.Range(0, 12).Count(entity => Joined(triple.Head, entity) && Joined(entity, triple.Tail))
                + (Joined(triple.Head, triple.Tail) ? .5 : 0);
            Assert.AreEqual(expected, score);
            scorer.ScoreTails(new[] { triple }, QueryMask.None, row);
            Assert.AreEqual(score, row[triple.Tail]);
            scorer.ScoreHeads(new[] { triple }, QueryMask.None, row);
            Assert.AreEqual(score, row[triple.Head]);
        }

        Assert.ThrowsExactly<NotSupportedException>(() => scorer.Score(asked, QueryMask.Full, scores));
    }

    [TestMethod]
    public void Figures_are_of_the_test_triples()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.Add("a", "r", "m");
        builder.Add("m", "r", "b");
        builder.Add("c", "r", "d");
        builder.Add("a", "s", "b", GraphSplit.Test);

        // a and b share m, which no other entity does with either: both ranks are first but for themselves, who share m as well.
        Judgment found = Judgment.Of(new CommonNeighborScorer(builder.Build()), CancellationToken.None);
        Assert.AreEqual(1 / 1.5, found.MeanReciprocalRank, 1e-9);
        Assert.AreEqual(1, found.HitsAt10);
        Assert.IsNull(found.Accuracy);
    }
}
