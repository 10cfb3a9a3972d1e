using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class EvidenceEdgesTests
{
    [TestMethod]
    public void Evidence_is_the_heads_edges_then_the_tails() => ForEachTriple((graph, triple) =>
    {
        List<(int, int)>[] naive = Graphs.NaiveEdges(graph);
        CollectionAssert.AreEqual(
            naive[triple.Head].Concat(naive[triple.Tail]).ToList(), Edges(graph, graph.Evidence(triple, maskQuery: false)));
    });

    [TestMethod]
    public void Masking_leaves_out_the_edges_that_state_the_query_and_no_others() => ForEachTriple((graph, triple) =>
    {
        List<(int Relation, int Neighbor)>[] naive = Graphs.NaiveEdges(graph);
        bool States((int Relation, int Neighbor) edge) =>
            (edge.Neighbor == triple.Head || edge.Neighbor == triple.Tail) && edge.Relation % graph.Relations.Count == triple.Relation;
        List<(int, int)> expected = [.. naive[triple.Head].Concat(naive[triple.Tail]).Where(edge => !States(edge))];
        CollectionAssert.AreEqual(expected, Edges(graph, graph.Evidence(triple)));
    });

    [TestMethod]
    public void A_fact_is_never_evidence_for_itself() => ForEachTriple((graph, triple) =>
    {
        var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
        builder.AddRange(graph.Triples(GraphSplit.Train));
        builder.Add(triple);
        KnowledgeGraph stated = builder.Build(graph.AddInverse);
        CollectionAssert.AreEqual(Edges(graph, graph.Evidence(triple)), Edges(stated, stated.Evidence(triple)));
    });

    [TestMethod]
    public void A_negative_sees_no_edge_of_the_fact_that_it_was_drawn_from() => ForEachTriple((graph, negative) =>
    {
        foreach (Triple fact in graph.Triples(GraphSplit.Train).ToArray().Take(4))
        {
            var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
            bool States(Triple triple, Triple other) => triple.Relation == other.Relation
                && (triple.Head == other.Head || triple.Head == other.Tail) && (triple.Tail == other.Head || triple.Tail == other.Tail);
            builder.AddRange(
                [.. graph.Triples(GraphSplit.Train).ToArray().Where(triple => !States(triple, fact) && !States(triple, negative))]);
            KnowledgeGraph without = builder.Build(graph.AddInverse);
            CollectionAssert.AreEqual(
                Edges(without, without.Evidence(negative, maskQuery: false)),
                Edges(graph, graph.Evidence(new TripleQuery(negative, fact))));
        }
    });

    [TestMethod]
    public void Copying_and_enumerating_agree() => ForEachTriple((graph, triple) =>
    {
        EvidenceEdges evidence = graph.Evidence(triple);
        int[] room = new int[evidence.MaximumCount];
        int count = evidence.CopyTo(room);
        CollectionAssert.AreEqual(evidence.ToArray(), room[..count]);
    });

    private static void ForEachTriple(Action<KnowledgeGraph, Triple> check) => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        for (int head = 0; head < graph.Entities.Count; head++)
        {
            for (int tail = 0; tail < graph.Entities.Count; tail++)
            {
                check(graph, new Triple(head, (head + tail) % graph.Relations.Count, tail));
            }
        }
    }).QuickCheckThrowOnFailure();

    private static List<(int Relation, int Neighbor)> Edges(KnowledgeGraph graph, EvidenceEdges evidence) =>
        [.. evidence.ToArray().Select(edge => (graph.Adjacency.Relations[edge], graph.Adjacency.Neighbors[edge]))];
}
