using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>The evidence of every recorded triple has as many edges as the reference found, masked or not.</summary>
[TestClass]
public sealed class GoldenGraphTests
{
    [TestMethod]
    public void Evidence_has_the_reference_s_edges()
    {
        foreach (string folder in Goldens.Cases("reference/sgm", folder => File.Exists(Path.Combine(folder, "outputs.safetensors"))))
        {
            using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "settings.json")));
            KnowledgeGraph graph = Read(settings.RootElement);
            using SafetensorsFile inputs = SafetensorsFile.Open(Path.Combine(folder, "inputs.safetensors"));
            using SafetensorsFile outputs = SafetensorsFile.Open(Path.Combine(folder, "outputs.safetensors"));
            using var scope = torch.NewDisposeScope();
            long[] ids = inputs.Get("triple_ids").data<long>().ToArray();
            foreach (bool mask in new[] { false, true })
            {
                torch.Tensor edges = outputs.Get(mask ? "edge_mask_masked" : "edge_mask_full"); // [triples, longest]
                long[] counts = edges.to_type(torch.int64).sum(1).data<long>().ToArray();
                int[] found = [.. Enumerable.Range(0, counts.Length).Select(row => graph.Evidence(TripleAt(ids, row), mask).ToArray().Length)];
                CollectionAssert.AreEqual(counts.Select(count => (int)count).ToArray(), found, $"{folder}, masked: {mask}");
            }

            Assert.AreEqual(settings.RootElement.GetProperty("num_entities").GetInt32(), graph.Entities.Count);
            Assert.AreEqual(settings.RootElement.GetProperty("num_relations").GetInt32(), graph.EdgeRelationCount);
            int[] isolated = [.. settings.RootElement.GetProperty("isolated_entities").EnumerateArray().Select(entity => entity.GetInt32())];
            Assert.IsTrue(isolated.All(entity => graph.Adjacency.Degree(entity) == 0), folder);
        }
    }

    private static Triple TripleAt(long[] ids, int row) => new((int)ids[3 * row], (int)ids[(3 * row) + 1], (int)ids[(3 * row) + 2]);

    private static KnowledgeGraph Read(JsonElement settings)
    {
        string graph = settings.GetProperty("graph").GetString()!;
        JsonElement options = settings.GetProperty("options");
        const string dataSet = "data set ";
        string folder = graph.StartsWith(dataSet, StringComparison.Ordinal) ? Goldens.DataSet(graph[dataSet.Length..]) : Goldens.Root($"reference/{graph}");
        return KnowledgeGraphReader.ReadOpenKe(folder, new OpenKeOptions
        {
            TripleFormat = options.GetProperty("triple_format").GetString()!,
            AddInverse = options.GetProperty("add_inverse").GetBoolean(),
        });
    }
}
