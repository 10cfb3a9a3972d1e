using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>Entity vectors, edge states, scores, losses and gradients against numbers that the reference computed.</summary>
[TestClass]
public sealed class SgmModuleGoldenTests
{
    [TestMethod]
    [GoldenCases("reference/sgm", "outputs.safetensors")]
    public void Entity_vectors_equal_the_reference(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new SgmGolden(folder);
        SgmModule module = golden.Module("weights.safetensors");
        GraphEdgeStates graph = new GraphEdgeStateIndex(golden.Graph, module).Current;
        int[] entities = [.. golden.Read("inputs.safetensors")["entity_ids"].data<long>().Select(id => (int)id)];
        Near.Absolute(
            golden.Read("outputs.safetensors")["entity_vectors"], new SgmForward(module, graph).EncodeEntities(entities), 1e-5,
            "entity vectors");
    }

    [TestMethod]
    [GoldenCases("reference/sgm", "outputs.safetensors")]
    public void Edge_states_equal_the_reference_with_and_without_the_query(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new SgmGolden(folder);
        SgmModule module = golden.Module("weights.safetensors");
        GraphEdgeStates graph = new GraphEdgeStateIndex(golden.Graph, module).Current;
        var outputs = golden.Read("outputs.safetensors");
        Triple[] triples = SgmGolden.Triples(golden.Read("inputs.safetensors")["triple_ids"]);
        foreach ((string name, QueryMask mask) in new[] { ("masked", QueryMask.Compatible), ("full", QueryMask.None) })
        {
            TripleEvidence evidence = TripleEvidence.Collect(graph, triples, mask);
            Tensor states = module.EncodeStates(evidence.States);
            Tensor expected = outputs[$"edge_states_{name}"], expectedMask = outputs[$"edge_mask_{name}"];
            for (int row = 0; row < triples.Length; row++)
            {
                int count = evidence.Rows[row].States.Count;
                Assert.AreEqual((int)expectedMask[row].sum().item<float>(), count, $"edges of row {row}, {name}");
                if (count > 0)
                {
                    Tensor index = tensor(evidence.Rows[row].States.Select(state => (long)state).ToArray());
                    Near.Absolute(
                        expected[row].narrow(0, 0, count), states.index_select(0, index), 1e-5, $"edge states of row {row}, {name}");
                }
            }
        }
    }

    [TestMethod]
    [GoldenCases("reference/sgm", "outputs.safetensors")]
    public void Scores_loss_and_gradients_equal_the_reference(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new SgmGolden(folder);
        SgmModule module = golden.Module("weights.safetensors");
        GraphEdgeStates graph = new GraphEdgeStateIndex(golden.Graph, module).Current;
        var inputs = golden.Read("inputs.safetensors");
        var outputs = golden.Read("outputs.safetensors");
        Triple[] positives = SgmGolden.Triples(inputs["positives"]);
        Triple[] negatives = SgmGolden.Triples(stack([inputs["neg_heads"], inputs["neg_rels"], inputs["neg_tails"]], dim: 1));

        Tensor scores = new SgmForward(module, graph).Score([.. positives, .. negatives]);
        Tensor positive = scores.narrow(0, 0, positives.Length), negative = scores.narrow(0, positives.Length, negatives.Length);
        Near.Absolute(outputs["pos_score"], positive, 3e-5, "positive scores");
        Near.Absolute(outputs["neg_score"].reshape(-1), negative, 3e-5, "negative scores");
        Tensor loss = LogisticLoss.Of(positive, negative);
        Near.Absolute(outputs["loss"].reshape(-1), loss.reshape(-1), 3e-5, "loss");
        if (!golden.Has("gradients.safetensors"))
        {
            return;
        }

        loss.backward();
        var parameters = module.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach ((string name, Tensor expected) in golden.Read("gradients.safetensors"))
        {
            Near.Relative(expected, parameters[name].grad ?? zeros_like(parameters[name]), 1e-4, $"gradient of {name}");
        }
    }
}
