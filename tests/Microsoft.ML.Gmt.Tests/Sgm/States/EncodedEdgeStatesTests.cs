using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class EncodedEdgeStatesTests
{
    private static readonly KnowledgeGraph Graph = Graphs.Random(entities: 200, relations: 12, triples: 600);

    [TestMethod]
    public void A_vector_is_that_of_its_state_to_the_bit_whoever_asked_first()
    {
        using DisposeScope scope = NewDisposeScope();
        using SgmModule module = NewModule();
        GraphEdgeStates graph = new GraphEdgeStateIndex(Graph, module).Current;
        Assert.IsGreaterThan(256, graph.States.Count, "several groups");
        using EncodedEdgeStates forwards =
            EncodedEdgeStates.TryCreate(module, graph)!, backwards = EncodedEdgeStates.TryCreate(module, graph)!;
        int[] all = [.. Enumerable.Range(0, graph.States.Count)];
        Tensor[] first = [.. all.Select(state => Of(forwards, graph, state))];
        Tensor[] last = [.. all.Reverse().Select(state => Of(backwards, graph, state)).Reverse()];
        Assert.IsTrue(cat(first).equal(cat(last)).all().item<bool>());
        Near.Absolute(module.EncodeStates(graph.States), cat(first), 2e-6, "all at once");
    }

    [TestMethod]
    public void Threads_share_one_and_nothing_stays_behind()
    {
        using SgmModule module = NewModule();
        GraphEdgeStates graph = new GraphEdgeStateIndex(Graph, module).Current;
        int[] all = [.. Enumerable.Range(0, graph.States.Count)];
        LiveTensors.StayTheSame(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            using EncodedEdgeStates encoded = EncodedEdgeStates.TryCreate(module, graph)!;
            Tensor expected = module.EncodeStates(graph.States);
            LiveTensors.OnThreads(4, () =>
            {
                using DisposeScope own = NewDisposeScope();
                Near.Absolute(expected, Of(encoded, graph, all), 2e-6, "all at once");
            });
        });
    }

    private static SgmModule NewModule() =>
        SgmModels.Create(Graph, new SgmOptions { GraphDimension = 16, Layers = 2, Heads = 2, TopK = 4, Dropout = 0 }, relationWidth: 12);

    private static Tensor Of(EncodedEdgeStates encoded, GraphEdgeStates graph, params int[] states) =>
        encoded.Of(graph.States.Select(states), states.Index().ToDictionary(state => state.Index, state => state.Item));
}
