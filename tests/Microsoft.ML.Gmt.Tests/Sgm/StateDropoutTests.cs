using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class StateDropoutTests
{
    [TestMethod]
    public void A_state_is_dropped_alike_in_any_list_that_it_stands_in()
    {
        using var scope = NewDisposeScope();
        KnowledgeGraph graph = Graphs.Random(entities: 40, relations: 9, triples: 200);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 16, Dropout = 0.3 }, 16);
        EdgeStateList states = new GraphEdgeStateIndex(graph, module).Current.States;
        int[] some = [.. Enumerable.Range(0, states.Count).Where(state => state % 3 == 1).Reverse()];
        using SeededDropout first = new(new Generator(5)), second = new(new Generator(5));
        Tensor all = module.EncodeStates(states, first), part = module.EncodeStates(states.Select(some), second);
        Near.Absolute(all.index_select(0, tensor(Array.ConvertAll(some, state => (long)state))), part, 1e-5, "states");
        Assert.HasCount(states.Count, states.Keys.Distinct());
    }
}
