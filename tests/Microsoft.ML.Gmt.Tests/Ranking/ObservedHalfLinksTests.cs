using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Ranking;

[TestClass]
public sealed class ObservedHalfLinksTests
{
    [TestMethod]
    public void They_are_those_of_the_other_training_triples() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            Triple[] training = graph.Triples(GraphSplit.Train).ToArray();
            var observed = new KnownTriples(graph, GraphSplit.Train);
            Triple[] all = [.. training, .. graph.Triples(GraphSplit.Test)];
            TripleRanks[] ranks = [.. all.Select(triple => new TripleRanks(triple, new EntityRank(0, 0, 2), new EntityRank(1, 0, 2)))];
            IReadOnlyDictionary<HalfLinks, LinkPredictionMetrics> cases = EntityRanking.Metrics(ranks, observed: observed).ByHalfLinks;
            Assert.AreEqual(2 * all.Length, cases.Values.Sum(metrics => metrics.Both.Realistic.Count));
            foreach (HalfLinks seen in Enum.GetValues<HalfLinks>())
            {
                int expected = all.Count(triple => Naive(training, triple) == seen);
                Assert.AreEqual(expected > 0, cases.ContainsKey(seen), $"{seen}");
                Assert.AreEqual(expected, cases.TryGetValue(seen, out LinkPredictionMetrics? metrics) ? metrics.Tail.Realistic.Count : 0);
            }

            Assert.IsEmpty(EntityRanking.Metrics(ranks).ByHalfLinks);
        }));

    /// <summary>Counted by a script in Python over the same files.</summary>
    [TestMethod]
    [DataRow("codex-s", 16, 7, 331, 1_474)]
    [DataRow("umls", 0, 22, 10, 629)]
    public void Test_triples_of_known_graphs_have_the_half_links_that_were_counted_elsewhere(string name, params int[] expected)
    {
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Goldens.DataSet(name));
        var observed = new KnownTriples(graph, GraphSplit.Train);
        int[] counts = new int[4];
        foreach (Triple triple in graph.Triples(GraphSplit.Test))
        {
            counts[(int)ObservedHalfLinks.Of(observed, triple)]++;
        }

        CollectionAssert.AreEqual(expected, counts, "none, (h, r) alone, (r, t) alone, both");
    }

    private static HalfLinks Naive(Triple[] training, Triple triple)
    {
        Triple[] others = [.. training.Where(other => other != triple && other.Relation == triple.Relation)];
        return (others.Any(other => other.Head == triple.Head) ? HalfLinks.HeadRelation : 0)
            | (others.Any(other => other.Tail == triple.Tail) ? HalfLinks.RelationTail : 0);
    }
}
