using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>What a query's evidence may know of the query.</summary>
[TestClass]
public sealed class TripleEvidenceTests
{
    [TestMethod]
    public void Fully_masked_evidence_is_the_evidence_of_a_graph_that_never_had_the_fact() => ForEachTriple((graph, module, query) =>
    {
        KnowledgeGraph without = Without(graph, query);
        TripleEvidence masked = TripleEvidence.Collect(new GraphEdgeStateIndex(graph, module).Current, [query], QueryMask.Full);
        TripleEvidence never = TripleEvidence.Collect(new GraphEdgeStateIndex(without, module).Current, [query], QueryMask.None);
        CollectionAssert.AreEqual(Describe(never), Describe(masked), $"{query}");
    });

    [TestMethod]
    [Timeout(300_000)] // a second or two; with a look at all edges of a hub for each edge between two hubs, an hour
    public void Masked_evidence_of_hubs_with_many_edges_between_them_takes_as_long_as_it_has_edges()
    {
        const int Leaves = 20_000, Relations = 300;
        string[] entities = [.. Enumerable.Range(0, Leaves + 2).Select(entity => $"e{entity}")];
        string[] relations = [.. Enumerable.Range(0, Relations).Select(relation => $"r{relation}")];
        var graph = new KnowledgeGraph(new GraphContent(new Vocabulary(entities), new Vocabulary(relations))
        {
            Triples =
            [
                [
                    .. Enumerable.Range(0, Relations).Select(relation => new Triple(0, relation, 1)),
                    .. Enumerable.Range(2, Leaves).Select(leaf => new Triple(leaf % 2, leaf % Relations, leaf)),
                ],
                [], [],
            ],
        }, addInverse: false);
        using var scope = NewDisposeScope();
        var streams = new RandomStreams(1);
        using Generator generator = streams.Generator("relations");
        using var module = new SgmModule(
            new SgmOptions { GraphDimension = 8, Heads = 2 }, RelationSemantics.Draw(Relations, 8, generator), streams);
        GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
        Triple[] queries = [.. Enumerable.Range(0, 100).Select(relation => new Triple(0, relation, 1))];
        TripleEvidence evidence = TripleEvidence.Collect(states, queries, QueryMask.Full);
        GraphEdgeStates without = new GraphEdgeStateIndex(Without(graph, queries[7]), module).Current;
        CollectionAssert.AreEqual(
            Describe(TripleEvidence.Collect(without, [queries[7]], QueryMask.None)),
            Describe(TripleEvidence.Collect(states, [queries[7]], QueryMask.Full)));
        Assert.HasCount(queries.Length, evidence.Rows);
    }

    [TestMethod]
    public void The_evidence_of_a_negative_is_that_of_a_graph_that_never_had_the_fact_it_was_drawn_from() =>
        ForEachTriple((graph, module, hidden) =>
    {
        foreach (Triple negative in new[] { hidden with { Tail = (hidden.Tail + 1) % graph.Entities.Count }, hidden with { Head = 0 } })
        {
            KnowledgeGraph without = Without(Without(graph, hidden), negative);
            TripleEvidence masked = TripleEvidence.Collect(
                new GraphEdgeStateIndex(graph, module).Current, [new TripleQuery(negative, hidden)], QueryMask.Full);
            TripleEvidence never = TripleEvidence.Collect(new GraphEdgeStateIndex(without, module).Current, [negative], QueryMask.None);
            CollectionAssert.AreEqual(Describe(never), Describe(masked), $"{negative} drawn from {hidden}");
        }
    });

    [TestMethod]
    public void The_reference_masks_the_edges_and_leaves_the_contexts() => ForEachTriple((graph, module, query) =>
    {
        GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
        EvidenceRow row = TripleEvidence.Collect(states, [query], QueryMask.Compatible).Rows[0];
        int[] expected = graph.Evidence(query, maskQuery: true).ToArray();
        CollectionAssert.AreEqual(expected, row.Edges.ToArray());
        CollectionAssert.AreEqual(
            expected.Select(edge => Describe(states.States, states.EdgeState[edge])).ToArray(),
            Describe(TripleEvidence.Collect(states, [query], QueryMask.Compatible)));
    });

    [TestMethod]
    public void Counts_of_distinct_states_add_up_to_the_edges() => ForEachTriple((graph, module, query) =>
    {
        TripleEvidence evidence = TripleEvidence.Collect(new GraphEdgeStateIndex(graph, module).Current, [query, query], QueryMask.None);
        Assert.AreEqual(evidence.Rows[0].Edges.Count, evidence.Rows[0].DistinctStates().Sum(state => state.Count));
        Assert.AreEqual(evidence.States.Count, evidence.Rows[0].DistinctStates().Count(), "both rows share their states");
        CollectionAssert.AreEqual(evidence.Rows[0].States.ToArray(), evidence.Rows[1].States.ToArray());
    });

    [TestMethod]
    public void Fully_masked_scores_are_those_of_a_graph_that_never_had_the_fact() => ForEachTriple((graph, module, query) =>
    {
        KnowledgeGraph without = Without(graph, query);
        float masked = new SgmForward(module, new GraphEdgeStateIndex(graph, module).Current).Score([query], QueryMask.Full).item<float>();
        float never = new SgmForward(module, new GraphEdgeStateIndex(without, module).Current).Score([query]).item<float>();
        Assert.AreEqual(never, masked, 1e-6f * (1 + Math.Abs(never)), $"{query}");
    }, layers: 1);

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(true, true)]
    public void Vectors_of_a_querys_ends_are_the_means_of_the_edges_that_it_sees(bool edges, bool contexts) =>
        ForEachTriple((graph, module, query) =>
    {
        var mask = new QueryMask(edges, contexts);
        GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
        Triple other = query with { Tail = (query.Tail + 1) % graph.Entities.Count };
        TripleQuery[] queries = [query, new Triple(query.Tail, query.Relation, query.Head), query, new TripleQuery(other, query), other];
        using EncodedEdgeStates? encoded = EncodedEdgeStates.TryCreate(module, states);
        (Tensor scores, Tensor heads, Tensor tails) = new SgmForward(module, states).ScoreWithVectors(queries, mask);
        (Tensor same, _, _) = new SgmForward(module, states).ScoreWithVectors(queries, mask, encoded);
        Near.Absolute(scores, same, 2e-5, "scores by states that were encoded before");
        for (int i = 0; i < queries.Length; i++)
        {
            (Tensor head, Tensor tail) = NaiveEnds(states, module, queries[i], mask);
            Near.Absolute(head, heads[i], 2e-6, $"head of {queries[i]}");
            Near.Absolute(tail, tails[i], 2e-6, $"tail of {queries[i]}");
            Near.Absolute((head * module.RelationVectors()[query.Relation] * tail).sum(), scores[i], 2e-5, $"score of {queries[i]}");
        }
    }, layers: 1);

    [TestMethod]
    public void Without_a_mask_scores_are_the_plain_ones() => ForEachTriple((graph, module, query) =>
    {
        GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
        float plain = new SgmForward(module, states).Score([query]).item<float>();
        Assert.AreEqual(
            plain, new SgmForward(module, states).Score([query], QueryMask.None).item<float>(), 1e-6f * (1 + Math.Abs(plain)), $"{query}");
    }, layers: 1);

    /// <summary>
    /// Splits the evidence, whose collecting is tested above, into the head's and the tail's and takes the means edge by edge.
    /// </summary>
    private static (Tensor Head, Tensor Tail) NaiveEnds(GraphEdgeStates states, SgmModule module, TripleQuery query, QueryMask mask)
    {
        TripleEvidence evidence = TripleEvidence.Collect(states, [query], mask);
        EvidenceRow row = evidence.Rows[0];
        Tensor encoded = module.EncodeStates(evidence.States);
        Adjacency adjacency = states.Graph.Adjacency;
        int heads = 0;
        for (int edge = (int)adjacency.Offsets[query.Triple.Head]; edge < adjacency.Offsets[query.Triple.Head + 1]; edge++)
        {
            // The head's edges come first; a self loop has all its edges twice.
            heads += heads < row.Edges.Count && row.Edges[heads] == edge ? 1 : 0;
        }

        Tensor Mean(IEnumerable<int> of)
        {
            long[] rows = [.. of.Select(state => (long)state)];
            return rows.Length == 0 ? zeros(module.Options.GraphDimension) : encoded.index_select(0, tensor(rows)).mean([0]);
        }

        return (Mean(row.States.Take(heads)), Mean(row.States.Skip(heads)));
    }

    private static void ForEachTriple(Action<KnowledgeGraph, SgmModule, Triple> check, int layers = 0) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scope = NewDisposeScope();
            using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = layers, TopK = 3 }, 8);
            foreach (Triple stated in graph.Triples(GraphSplit.Train).ToArray().Take(6))
            {
                check(graph, module, stated);
                check(graph, module, new Triple(stated.Tail, stated.Relation, stated.Head));
                check(graph, module, stated with { Tail = (stated.Tail + 1) % graph.Entities.Count });
            }
        }));

    /// <summary>
    /// The graph without the training triples that state the query, in either direction, or tie one of its ends to itself by its relation.
    /// </summary>
    private static KnowledgeGraph Without(KnowledgeGraph graph, Triple query)
    {
        var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
        int[] ends = [query.Head, query.Tail];
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            if (triple.Relation != query.Relation || !ends.Contains(triple.Head) || !ends.Contains(triple.Tail))
            {
                builder.Add(triple);
            }
        }

        return builder.Build().WithInverse(graph.AddInverse);
    }

    private static string[] Describe(TripleEvidence evidence) =>
        [.. evidence.Rows[0].States.Select(state => Describe(evidence.States, state))];

    private static string Describe(EdgeStateList states, int state) =>
        $"{states.Relations[state]}: {string.Join(' ', states.Context(state).ToArray())}";
}
