using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class RelationCosinesTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(40)]
    public void They_find_the_states_that_the_table_finds(int topK)
    {
        TorchRuntime.EnsureLoaded();
        foreach (int seed in new[] { 1, 2, 3 })
        {
            using var scope = NewDisposeScope();
            KnowledgeGraph graph = Graphs.Random(entities: 40, relations: 12, triples: 400 * seed).WithInverse(seed % 2 == 1);
            Tensor vectors = randn([graph.EdgeRelationCount, 5], generator: new RandomStreams(seed).Generator("vectors"));
            vectors[3] = vectors[7]; // a tie, which the lower id wins
            var search = new EdgeStateSearch(graph.Adjacency, graph.EdgeRelationCount, topK);
            (EdgeStateList expected, int[] ofEdge) = search.Find(RelationRanks.Of(vectors));
            (EdgeStateList states, int[] edgeState) = search.Find(RelationCosines.Of(vectors));
            CollectionAssert.AreEqual(ofEdge, edgeState);
            CollectionAssert.AreEqual(expected.Relations, states.Relations);
            CollectionAssert.AreEqual(expected.Contexts, states.Contexts);
        }
    }

    [TestMethod]
    public void Evidence_with_masked_contexts_is_that_of_the_graph_without_the_query()
    {
        // 1,200 relations, which are too many for a table; each triple masked, against a graph that lacks it.
        using var scope = NewDisposeScope();
        KnowledgeGraph graph = Graphs.Random(entities: 30, relations: 1200, triples: 200);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, TopK = 4, Layers = 1, Heads = 2 }, 8);
        var index = new GraphEdgeStateIndex(graph, module);
        Assert.IsInstanceOfType<RelationCosines>(index.Current.Order);
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        using IDisposable inference = no_grad();
        foreach (Triple query in triples.Take(12).Where(triple => triples.Count(other => other == triple) == 1))
        {
            var others = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
            others.AddRange([.. triples.Where(triple => triple != query)]);
            KnowledgeGraph without = others.Build();
            float masked = new SgmForward(module, index.Current).Score([query], QueryMask.Full).item<float>();
            float expected = new SgmForward(module, new GraphEdgeStateIndex(without, module).Current).Score([query]).item<float>();
            Assert.AreEqual(expected, masked, 1e-4f);
        }
    }

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public void Fifty_thousand_relations_take_no_table_of_all_pairs()
    {
        // A table would have 2.5 G places, more than an array has, and 5 GB.
        KnowledgeGraph graph = Graphs.Random(entities: 4_000, relations: 50_000, triples: 60_000);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, TopK = 4, Layers = 1, Heads = 2 }, 8);
        var index = new GraphEdgeStateIndex(graph, module);
        Assert.AreEqual(graph.Adjacency.EdgeCount, index.Current.EdgeState.Length);
        Assert.AreSame(index.Current, index.Refresh(module), "vectors that stay are not searched anew");

        // The context of an edge, by its definition.
        using var scope = NewDisposeScope();
        Tensor vectors = nn.functional.normalize(module.RelationVectors().detach(), dim: -1);
        const int edge = 17;
        (int relation, int neighbor) = (graph.Adjacency.Relations[edge], graph.Adjacency.Neighbors[edge]);
        int[] around = graph.Adjacency.Relations[graph.Adjacency.EdgesOf(neighbor)].ToArray();
        int[] expected = [.. around.OrderByDescending(other => vectors[relation].dot(vectors[other]).item<float>()).Take(4)];
        CollectionAssert.AreEqual(expected, index.Current.States.Context(index.Current.EdgeState[edge]).ToArray());
    }

    [TestMethod]
    public void What_no_array_can_hold_is_refused_with_the_limit()
    {
        TorchRuntime.EnsureLoaded();
        using Tensor one = zeros(1, 1000);
        using Tensor many = one.expand(3_000_000, 1000); // a view: no memory is taken
        string message = Assert.ThrowsExactly<NotSupportedException>(() => RelationOrder.Of(many)).Message;
        StringAssert.Contains(message, "3,000,000 relations are too many");
        StringAssert.Contains(message, "at most 2,147,483");
    }
}
