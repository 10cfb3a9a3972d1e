using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class NativeKernelsTests
{
    [TestMethod]
    public void Native_and_managed_search_find_the_same_edge_states()
    {
        RequiredNative.Library();
        Gen<(KnowledgeGraph, int TopK)> cases = from graph in Graphs.Arbitrary.Generator from topK in Gen.Choose(1, 6) select (graph, topK);
        Prop.ForAll(Arb.From(cases), input => Compare(input.Item1, input.TopK)).QuickCheckThrowOnFailure();
    }

    [TestMethod]
    public void Native_and_managed_search_agree_on_a_graph_that_several_threads_share()
    {
        RequiredNative.Library();
        Compare(Graphs.Random(entities: 3_000, relations: 60, triples: 200_000), topK: 8);
    }

    [TestMethod]
    public void An_index_serves_several_orders_of_the_relations()
    {
        RequiredNative.Library();
        KnowledgeGraph graph = Graphs.Random(entities: 40, relations: 9, triples: 200);
        Adjacency adjacency = graph.Adjacency;
        Assert.IsTrue(NativeKernels.TryIndexGraph(graph.EdgeRelationCount, 3, adjacency.Offsets, adjacency.Relations, adjacency.Neighbors, out NativeGraphIndex? index));
        using (index)
        {
            var managed = new EdgeStateSearch(adjacency, graph.EdgeRelationCount, 3);
            for (int seed = 0; seed < 5; seed++)
            {
                RelationRanks ranks = Ranks(graph.EdgeRelationCount, seed);
                CollectionAssert.AreEqual(managed.Find(ranks).EdgeState, index.FindEdgeStates(ranks.Ranks).EdgeState);
            }

            Assert.ThrowsExactly<ArgumentException>(() => index.FindEdgeStates([0, 0]));
        }

        Assert.ThrowsExactly<ObjectDisposedException>(() => index.FindEdgeStates(Ranks(graph.EdgeRelationCount, 0).Ranks));
    }

    [TestMethod]
    public void Arrays_that_contradict_each_other_are_refused()
    {
        RequiredNative.Library();
        Assert.ThrowsExactly<ArgumentException>(() => NativeKernels.TryIndexGraph(1, 1, [0, 2], [0], [0], out _));
        Assert.ThrowsExactly<ArgumentException>(() => NativeKernels.TryIndexGraph(1, 1, [], [], [], out _));
        ArgumentException outside = Assert.ThrowsExactly<ArgumentException>(
            () => NativeKernels.TryIndexGraph(1, 1, [0, 1], [1], [0], out _));
        StringAssert.Contains(outside.Message, "outside its range");
    }

    private static void Compare(KnowledgeGraph graph, int topK)
    {
        Adjacency adjacency = graph.Adjacency;
        RelationRanks ranks = Ranks(graph.EdgeRelationCount, seed: 7);
        (EdgeStateList states, int[] edgeState) = new EdgeStateSearch(adjacency, graph.EdgeRelationCount, topK).Find(ranks);
        Assert.IsTrue(NativeKernels.TryIndexGraph(
            graph.EdgeRelationCount, topK, adjacency.Offsets, adjacency.Relations, adjacency.Neighbors, out NativeGraphIndex? index));
        using NativeGraphIndex owned = index;
        NativeEdgeStates found = owned.FindEdgeStates(ranks.Ranks);
        CollectionAssert.AreEqual(edgeState, found.EdgeState, "state of each edge");
        CollectionAssert.AreEqual(states.Relations, found.Relations, "relation of each state");
        CollectionAssert.AreEqual(states.Contexts, found.Contexts, "context of each state");
    }

    private static RelationRanks Ranks(int relations, int seed)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        return RelationRanks.Of(torch.randn([relations, 5], generator: new RandomStreams(seed).Generator("ranks")));
    }
}
