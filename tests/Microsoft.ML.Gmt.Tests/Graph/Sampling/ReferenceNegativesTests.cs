using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class ReferenceNegativesTests
{
    [TestMethod]
    public void A_seed_gives_the_reference_s_negatives()
    {
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Goldens.Root("reference/text/negatives.json")));
        int entities = settings.RootElement.GetProperty("num_entities").GetInt32();
        int negativesPerPositive = settings.RootElement.GetProperty("num_neg").GetInt32();
        ulong seed = settings.RootElement.GetProperty("seed_before_call").GetUInt64();
        using SafetensorsFile file = SafetensorsFile.Open(Goldens.Root("reference/text/negatives.safetensors"));

        Triple[] positives = Triples(file, "heads", "rels", "tails");
        using var generator = new torch.Generator(seed);
        Triple[] negatives = ReferenceNegatives.Sample(positives, negativesPerPositive, entities, generator);

        CollectionAssert.AreEqual(Triples(file, "neg_heads", "neg_rels", "neg_tails"), negatives);
    }

    private static Triple[] Triples(SafetensorsFile file, string heads, string relations, string tails)
    {
        long[] Read(string name)
        {
            using torch.Tensor tensor = file.Get(name);
            return tensor.data<long>().ToArray();
        }

        long[] head = Read(heads);
        long[] relation = Read(relations);
        long[] tail = Read(tails);
        return [.. Enumerable.Range(0, head.Length).Select(i => new Triple((int)head[i], (int)relation[i], (int)tail[i]))];
    }
}
