using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class KnownTriplesTests
{
    [TestMethod]
    public void Lookups_equal_a_scan_of_the_splits() => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        Check(graph, new KnownTriples(graph), GraphSplit.Train, GraphSplit.Validation, GraphSplit.Test);
        Check(graph, new KnownTriples(graph, GraphSplit.Train), GraphSplit.Train);
        Check(graph, new KnownTriples(graph, GraphSplit.Train, GraphSplit.Test), GraphSplit.Train, GraphSplit.Test);
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Triples_of_no_split_are_known_by_themselves() => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        Triple[] triples = [.. graph.Triples(GraphSplit.Train), .. graph.Triples(GraphSplit.Train)];
        KnownTriples known = KnownTriples.Of(graph, triples);
        Check(graph, known, GraphSplit.Train);
        Assert.IsTrue(known.SetEquals(new KnownTriples(graph, GraphSplit.Train)));
        Assert.AreEqual(
            graph.Triples(GraphSplit.Test).ToArray().Distinct().Order(Comparer<Triple>.Create(Compare)).SequenceEqual(
                triples.Distinct().Order(Comparer<Triple>.Create(Compare))),
            known.SetEquals(new KnownTriples(graph, GraphSplit.Test)));
        Assert.AreEqual(0, KnownTriples.Of(graph, default).Count);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => KnownTriples.Of(graph, new[] { new Triple(0, 0, -1) }));
        static int Compare(Triple x, Triple y) => (x.Head, x.Relation, x.Tail).CompareTo((y.Head, y.Relation, y.Tail));
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Foreign_ids_are_refused()
    {
        var builder = new KnowledgeGraphBuilder(["a", "b"], ["r"]);
        var known = new KnownTriples(builder.Build());

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => known.TailsOf(2, 0).Length);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => known.HeadsOf(1, 0).Length);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => known.Contains(new Triple(0, 0, -1)));
    }

    private static void Check(KnowledgeGraph graph, KnownTriples known, params GraphSplit[] splits)
    {
        HashSet<Triple> all = [.. splits.SelectMany(split => graph.TripleMemory(split).ToArray())];
        Assert.AreEqual(all.Count, known.Count);
        int[] entities = [.. Enumerable.Range(0, graph.Entities.Count)];
        for (int relation = 0; relation < graph.Relations.Count; relation++)
        {
            foreach (int entity in entities)
            {
                CollectionAssert.AreEqual(
                    entities.Where(tail => all.Contains(new Triple(entity, relation, tail))).ToArray(),
                    known.TailsOf(entity, relation).ToArray());
                CollectionAssert.AreEqual(
                    entities.Where(head => all.Contains(new Triple(head, relation, entity))).ToArray(),
                    known.HeadsOf(relation, entity).ToArray());
                Assert.AreEqual(all.Contains(new Triple(entity, relation, 0)), known.Contains(new Triple(entity, relation, 0)));
            }
        }
    }
}
