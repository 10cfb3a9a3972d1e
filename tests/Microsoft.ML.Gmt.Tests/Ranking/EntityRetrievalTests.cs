using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Tests.Ranking;

[TestClass]
public sealed class EntityRetrievalTests
{
    private static readonly KnowledgeGraph Graph = new KnowledgeGraphBuilder(["a", "b", "c", "d"], ["r", "s"]).Build();

    private static readonly float[] Scores = [1, 3, -1, 3];

    [TestMethod]
    public void The_best_come_first_and_of_equal_ones_the_smaller_id()
    {
        var scorer = new FunctionScorer(Graph, triple => Scores[triple.Tail] + triple.Relation);
        CollectionAssert.AreEqual(
            new ScoredTriple[] { new(new Triple(2, 1, 1), 4), new(new Triple(2, 1, 3), 4), new(new Triple(2, 1, 0), 2) },
            EntityRetrieval.Tails(scorer, head: 2, relation: 1, count: 3).ToArray());
        var heads = new FunctionScorer(Graph, triple => Scores[triple.Head] - triple.Tail);
        CollectionAssert.AreEqual(
            new[] { new Triple(1, 0, 2), new Triple(3, 0, 2), new Triple(0, 0, 2), new Triple(2, 0, 2) },
            EntityRetrieval.Heads(heads, relation: 0, tail: 2, count: 9).Select(found => found.Triple).ToArray());
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void A_score_that_is_not_finite_gives_no_order(float bad)
    {
        var scorer = new FunctionScorer(Graph, triple => triple.Tail == 3 ? bad : 0);
        string message = Assert.ThrowsExactly<NotFiniteNumberException>(() => EntityRetrieval.Tails(scorer, 0, 0, count: 1)).Message;
        StringAssert.Contains(message, "the score of 'd'");
    }

    [TestMethod]
    public void Only_what_is_wanted_counts()
    {
        var scorer = new FunctionScorer(Graph, triple => Scores[triple.Tail]);
        ScoredTriple[] found = [.. EntityRetrieval.Tails(scorer, 0, 0, count: 2, triple => triple.Tail != 1)];
        CollectionAssert.AreEqual(new[] { 3, 0 }, found.Select(item => item.Triple.Tail).ToArray());
    }

    [TestMethod]
    public void A_stated_answer_is_scored_without_its_own_edge_under_a_mask_and_no_other_is()
    {
        var builder = new KnowledgeGraphBuilder(["a", "b", "c", "d"], ["r", "s"]);
        builder.Add("a", "r", "b");
        builder.Add("a", "s", "c");
        builder.Add("d", "r", "b");
        KnowledgeGraph graph = builder.Build();
        var scorer = new MaskingScorer(
            graph, (triple, hidden) => triple.Tail + triple.Head + (hidden == triple ? 10 : hidden is null ? 0 : 100));
        float[] Of(IEnumerable<ScoredTriple> found, Func<Triple, int> entity) =>
            [.. found.OrderBy(item => entity(item.Triple)).Select(item => item.Score)];
        CollectionAssert.AreEqual(
            new float[] { 0, 11, 2, 3 }, Of(EntityRetrieval.Tails(scorer, 0, 0, 4, mask: QueryMask.Full), triple => triple.Tail));
        CollectionAssert.AreEqual(
            new float[] { 0, 1, 2, 3 }, Of(EntityRetrieval.Tails(scorer, 0, 0, 4), triple => triple.Tail));
        CollectionAssert.AreEqual(
            new float[] { 11, 2, 3, 14 }, Of(EntityRetrieval.Heads(scorer, 0, 1, 4, mask: QueryMask.Full), triple => triple.Head));
        var vectors = new FunctionScorer(graph, triple => triple.Tail);   // can't mask
        CollectionAssert.AreEqual(
            new float[] { 0, 1, 2, 3 }, Of(EntityRetrieval.Tails(vectors, 0, 0, 4, mask: QueryMask.Full), triple => triple.Tail));
    }

    [TestMethod]
    public void Ids_of_another_graph_are_refused()
    {
        var scorer = new FunctionScorer(Graph, _ => 0);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRetrieval.Tails(scorer, 4, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRetrieval.Heads(scorer, 2, 0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRetrieval.Heads(scorer, 0, 0, -1));
    }
}
