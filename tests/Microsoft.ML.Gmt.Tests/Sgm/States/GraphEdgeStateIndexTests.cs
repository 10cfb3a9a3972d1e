using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class GraphEdgeStateIndexTests
{
    [TestMethod]
    public void States_stay_the_same_object_until_the_order_of_relations_changes()
    {
        using var scope = NewDisposeScope();
        KnowledgeGraph graph = Graphs.Random(entities: 20, relations: 6, triples: 150);
        using SgmModule module = SgmModels.Create(
            graph, new SgmOptions { GraphDimension = 8, TopK = 2, TrainableRelationSemantics = true }, 8);
        var index = new GraphEdgeStateIndex(graph, module);
        GraphEdgeStates first = index.Current;
        using (no_grad())
        {
            module.RelationSemantics.Weight.mul_(2);
        }

        Assert.AreSame(first, index.Refresh(module), "cosines do not change with length");
        using (no_grad())
        {
            module.RelationSemantics.Weight.copy_(module.RelationSemantics.Weight.roll(1, 0) + module.RelationSemantics.Weight.flip(1));
        }

        GraphEdgeStates second = index.Refresh(module);
        Assert.AreNotSame(first, second);
        Near.Absolute(
            new NaiveSgm(module).Entities(graph), new SgmForward(module, second).EncodeAllEntities(), 2e-5,
            "entity vectors after the change");
    }

    [TestMethod]
    public void Equal_relations_without_edges_do_not_force_contexts_edge_by_edge()
    {
        using var scope = NewDisposeScope();
        var builder = new KnowledgeGraphBuilder(Enumerable.Range(0, 6).Select(id => $"e{id}"), ["used", "unused"]);
        for (int i = 0; i < 12; i++)
        {
            builder.Add(new Triple(i % 6, 0, i * 5 % 6));
        }

        KnowledgeGraph graph = builder.Build(addInverse: true);
        using Generator generator = new(1);
        Tensor semantics = randn([4, 8], generator: generator);
        semantics[3] = semantics[1];
        using SgmModule module = new(
            new SgmOptions { GraphDimension = 8, TrainableRelationSemantics = true }, semantics, new RandomStreams(1));
        var index = new GraphEdgeStateIndex(graph, module);
        Assert.AreSame(index.Current, index.Refresh(module));

        semantics[2] = semantics[0];
        using SgmModule tied = new(
            new SgmOptions { GraphDimension = 8, TrainableRelationSemantics = true }, semantics, new RandomStreams(1));
        var tiedIndex = new GraphEdgeStateIndex(graph, tied);
        Assert.AreNotSame(tiedIndex.Current, tiedIndex.Refresh(tied), "ties that matter are decided anew each time");
    }

    [TestMethod]
    public void A_module_of_another_number_of_relations_is_refused_with_the_likely_cause()
    {
        using var scope = NewDisposeScope();
        KnowledgeGraph graph = Graphs.Random(entities: 5, relations: 3, triples: 12);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8 }, 8);
        string message = Assert.ThrowsExactly<ArgumentException>(() => new GraphEdgeStateIndex(graph.WithInverse(true), module)).Message;
        StringAssert.Contains(message, "3 relations");
        StringAssert.Contains(message, "have 6");
        StringAssert.Contains(message, "inverse");
    }

    [TestMethod]
    public void Many_threads_score_at_once_and_get_the_same()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 60, relations: 5, triples: 500);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 16 }, 16);
        GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        float[] Score()
        {
            using var scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            return new SgmForward(module, states).Score(triples).data<float>().ToArray();
        }

        float[] expected = Score();
        Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            float[] actual = Score();
            Assert.IsLessThan(1e-5f, expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max());
        });
    }
}
