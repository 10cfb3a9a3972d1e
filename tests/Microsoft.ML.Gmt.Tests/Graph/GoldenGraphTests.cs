using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Sgm;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>The evidence of every recorded triple has as many edges as the reference found, masked or not.</summary>
[TestClass]
public sealed class GoldenGraphTests
{
    [TestMethod]
    [GoldenCases("reference/sgm", "outputs.safetensors")]
    public void Evidence_has_the_reference_s_edges(string folder)
    {
        using var scope = torch.NewDisposeScope();
        var golden = new SgmGolden(folder);
        KnowledgeGraph graph = golden.Graph;
        Dictionary<string, torch.Tensor> outputs = golden.Read("outputs.safetensors");
        Triple[] triples = SgmGolden.Triples(golden.Read("inputs.safetensors")["triple_ids"]);
        foreach (bool mask in new[] { false, true })
        {
            torch.Tensor edges = outputs[mask ? "edge_mask_masked" : "edge_mask_full"]; // [triples, longest]
            int[] expected = [.. edges.to_type(torch.int64).sum(1).data<long>().Select(count => (int)count)];
            CollectionAssert.AreEqual(
                expected, Array.ConvertAll(triples, triple => graph.Evidence(triple, mask).ToArray().Length), $"masked: {mask}");
        }

        Assert.AreEqual(golden.Settings.GetProperty("num_entities").GetInt32(), graph.Entities.Count);
        Assert.AreEqual(golden.Settings.GetProperty("num_relations").GetInt32(), graph.EdgeRelationCount);
        foreach (JsonElement isolated in golden.Settings.GetProperty("isolated_entities").EnumerateArray())
        {
            Assert.AreEqual(0, graph.Adjacency.Degree(isolated.GetInt32()), $"entity {isolated}");
        }
    }
}
